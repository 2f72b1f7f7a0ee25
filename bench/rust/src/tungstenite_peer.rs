//! The crate tungstenite. It checks UTF-8.

use std::time::{Duration, Instant};

use tungstenite::protocol::{Message, Role, WebSocket, WebSocketConfig};
use tungstenite::{Bytes, Utf8Bytes};

use crate::conn::Conn;
use crate::tally::Tally;

fn role(server: bool) -> Role {
    if server { Role::Server } else { Role::Client }
}

/// Counts messages until all have come.
pub fn receive(server: bool, conn: Conn, tally: &mut Tally) -> Result<(), String> {
    let config = WebSocketConfig::default().read_buffer_size(64 << 10);
    let mut ws = WebSocket::from_raw_socket(conn, role(server), Some(config));
    tally.start();
    while !tally.whole() {
        match ws.read().map_err(|e| e.to_string())? {
            Message::Text(p) => tally.got(true, p.as_bytes()),
            Message::Binary(p) => tally.got(false, &p),
            other => return Err(format!("{other} came")),
        }
    }
    Ok(())
}

/// Messages as this crate takes them.
fn prepared(text: bool, payloads: &[Vec<u8>]) -> Result<Vec<Message>, String> {
    payloads
        .iter()
        .map(|p| {
            let p = Bytes::copy_from_slice(p);
            if text {
                Ok(Message::Text(
                    Utf8Bytes::try_from(p).map_err(|e| e.to_string())?,
                ))
            } else {
                Ok(Message::Binary(p))
            }
        })
        .collect()
}

/// Sends n messages, one behind the other; gives the connection back, and the time.
pub fn send<'a>(
    server: bool,
    conn: Conn<'a>,
    text: bool,
    payloads: &[Vec<u8>],
    n: usize,
) -> Result<(Conn<'a>, Duration), String> {
    let messages = prepared(text, payloads)?;
    let mut ws = WebSocket::from_raw_socket(conn, role(server), None);
    let start = Instant::now();
    for m in messages.iter().cycle().take(n) {
        ws.send(m.clone()).map_err(|e| e.to_string())?;
    }
    let took = start.elapsed();
    Ok((ws.into_inner(), took))
}
