//! Libraries in Rust as contestants: one library, one kind of work, in a process of
//! its own, which takes orders on its standard input, one on a line:
//!
//!     rust-peers fastwebsockets|tungstenite receive|send server|client FILE
//!     rust-peers versions
//!
//! `check N` receives N messages and compares each octet, or sends each of the
//! messages once, keeps what was written in FILE.out, and tells how many writes the
//! first of them took. `time N` answers with the nanoseconds of N messages.

mod conn;
mod fastwebsockets_peer;
mod stream;
mod tally;
mod tungstenite_peer;

use std::io::{self, BufRead};
use std::time::Duration;
use std::{env, fs, process};

use conn::Conn;
use stream::Stream;
use tally::Tally;

fn main() {
    let args: Vec<String> = env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let result = match args[..] {
        ["versions"] => {
            versions();
            Ok(())
        }
        [library, work, role @ ("server" | "client"), file] => {
            serve(library, work, role == "server", file)
        }
        _ => Err("which library, which work, which role, which file?".into()),
    };
    if let Err(e) = result {
        eprintln!("rust-peers: {e}");
        process::exit(1);
    }
}

/// Tells the versions of the libraries, as the lock file has them.
fn versions() {
    let mut name = "";
    for line in include_str!("../Cargo.lock").lines() {
        if let Some(n) = line.strip_prefix("name = ") {
            name = n.trim_matches('"');
        }
        if let (Some(v), "fastwebsockets" | "tungstenite") = (line.strip_prefix("version = "), name)
        {
            println!("{name} {}", v.trim_matches('"'));
        }
    }
}

/// Does what each line asks for.
fn serve(library: &str, work: &str, server: bool, file: &str) -> Result<(), String> {
    let stream = Stream::load(file).map_err(|e| e.to_string())?;
    for line in io::stdin().lock().lines() {
        let line = line.map_err(|e| e.to_string())?;
        let (check, n) = match line.split_once(' ') {
            Some(("check", n)) => (true, n),
            Some(("time", n)) => (false, n),
            _ => return Err(format!("{line:?} is no order")),
        };
        let n = n.parse().map_err(|_| format!("{n:?} is no number"))?;
        println!(
            "{}",
            match work {
                "receive" => received(library, server, &stream, n, check)?,
                "send" if check =>
                    sent_once(library, server, &stream, &format!("{file}.out"))? as u128,
                "send" => sent(library, server, &stream, n, false)?.1.as_nanos(),
                _ => return Err(format!("{work:?} is no work")),
            }
        );
    }
    Ok(())
}

/// The nanoseconds that it took to receive so many messages.
fn received(
    library: &str,
    server: bool,
    stream: &Stream,
    n: usize,
    compare: bool,
) -> Result<u128, String> {
    let (conn, mut tally) = (Conn::new(stream, n), Tally::new(stream, n, compare));
    match library {
        "fastwebsockets" => fastwebsockets_peer::receive(server, conn, &mut tally)?,
        "tungstenite" => tungstenite_peer::receive(server, conn, &mut tally)?,
        _ => return Err(format!("{library:?} is not here")),
    }
    Ok(tally.done()?.as_nanos())
}

/// The connection on which so many messages were sent, and the time.
fn sent<'a>(
    library: &str,
    server: bool,
    s: &'a Stream,
    n: usize,
    keep: bool,
) -> Result<(Conn<'a>, Duration), String> {
    let mut conn = Conn::new(s, 0);
    conn.out = keep.then(Vec::new);
    match library {
        "fastwebsockets" => fastwebsockets_peer::send(server, conn, s.text, &s.payloads, n),
        "tungstenite" => tungstenite_peer::send(server, conn, s.text, &s.payloads, n),
        _ => Err(format!("{library:?} is not here")),
    }
}

/// The number of writes of the first message; all messages go into a file.
fn sent_once(library: &str, server: bool, s: &Stream, out: &str) -> Result<usize, String> {
    let (conn, _) = sent(library, server, s, s.payloads.len(), true)?;
    fs::write(out, conn.out.unwrap_or_default()).map_err(|e| e.to_string())?;
    Ok(sent(library, server, s, 1, false)?.0.writes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use stream::tests::stream;

    const LIBRARIES: [&str; 2] = ["fastwebsockets", "tungstenite"];

    #[test]
    fn octets_that_differ_are_found() {
        for library in LIBRARIES {
            let mut s = stream(&[b"abc", b"", b"defghi"]);
            assert!(received(library, false, &s, 7, true).is_ok());
            s.payloads[2][0] = b'x';
            assert_eq!(
                received(library, false, &s, 7, true),
                Err("message 2 is another".into())
            );
            s.payloads[2].pop();
            assert_eq!(
                received(library, false, &s, 3, false),
                Err("9 octets came, not 8".into())
            );
        }
    }

    #[test]
    fn frames_are_written() {
        for library in LIBRARIES {
            let s = stream(&[b"abc", b"", b"defghi"]);
            let (conn, _) = sent(library, false, &s, 3, true).unwrap();
            assert_eq!(
                conn.out.unwrap().len(),
                s.octets.len() + 3 * 4,
                "{library}: with masks"
            );
            let (conn, _) = sent(library, true, &s, 4, true).unwrap();
            let out = conn.out.as_ref().unwrap();
            assert_eq!(&out[..s.octets.len()], &s.octets[..]);
            assert_eq!(&out[s.octets.len()..], b"\x82\x03abc");
            assert_eq!(conn.writes, 4, "{library}");
        }
    }

    #[test]
    fn pieces_of_a_vectored_write_are_counted() {
        let s = stream(&[&[b'x'; 2000]]);
        let (conn, _) = sent("fastwebsockets", true, &s, 1, false).unwrap();
        assert_eq!(conn.writes, 2);
    }

    #[test]
    fn a_library_that_is_not_here_is_refused() {
        let s = stream(&[b"abc"]);
        assert!(received("none", false, &s, 1, true).is_err());
        assert!(sent("none", false, &s, 1, false).is_err());
    }
}
