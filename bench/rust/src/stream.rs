//! What comes in: messages as octets, as the Go side has written them to a file.

use std::fs;
use std::io::{self, Error, ErrorKind};

/// Messages, and the octets of their frames.
pub struct Stream {
    pub text: bool,
    /// Octets that a read gives at most.
    pub chunk: usize,
    pub payloads: Vec<Vec<u8>>,
    pub octets: Vec<u8>,
    /// Where each message ends in the octets.
    ends: Vec<usize>,
}

impl Stream {
    /// Loads numbers of eight octets, the last octet first: text (1 or 0), chunk,
    /// count; for each message its end and its length; the length of the octets.
    /// Behind them the octets, then the payloads.
    pub fn load(file: &str) -> io::Result<Stream> {
        let all = fs::read(file)?;
        let mut rest = &all[..];
        let (text, chunk, count) = (
            number(&mut rest)? == 1,
            number(&mut rest)?,
            number(&mut rest)?,
        );
        let (mut ends, mut lengths) = (Vec::new(), Vec::new());
        for _ in 0..count {
            ends.push(number(&mut rest)?);
            lengths.push(number(&mut rest)?);
        }
        let length = number(&mut rest)?;
        let octets = taken(&mut rest, length)?.to_vec();
        let payloads = lengths
            .iter()
            .map(|&n| Ok(taken(&mut rest, n)?.to_vec()))
            .collect::<io::Result<_>>()?;
        Ok(Stream {
            text,
            chunk,
            payloads,
            octets,
            ends,
        })
    }

    /// The number of octets of the first n messages, of which there are endlessly many.
    pub fn length(&self, n: usize) -> usize {
        let (whole, rest) = (n / self.ends.len() * self.octets.len(), n % self.ends.len());
        if rest == 0 {
            whole
        } else {
            whole + self.ends[rest - 1]
        }
    }
}

fn taken<'a>(rest: &mut &'a [u8], n: usize) -> io::Result<&'a [u8]> {
    if rest.len() < n {
        return Err(Error::new(
            ErrorKind::UnexpectedEof,
            "the file ends too early",
        ));
    }
    let (head, tail) = rest.split_at(n);
    *rest = tail;
    Ok(head)
}

fn number(rest: &mut &[u8]) -> io::Result<usize> {
    Ok(u64::from_le_bytes(taken(rest, 8)?.try_into().unwrap()) as usize)
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A stream of binary messages without masks, for a client.
    pub fn stream(payloads: &[&[u8]]) -> Stream {
        let (mut octets, mut ends) = (Vec::new(), Vec::new());
        for p in payloads {
            octets.extend([0x82, p.len() as u8]);
            octets.extend(*p);
            ends.push(octets.len());
        }
        Stream {
            text: false,
            chunk: 3,
            payloads: payloads.iter().map(|p| p.to_vec()).collect(),
            octets,
            ends,
        }
    }

    #[test]
    fn a_file_that_is_cut_off_is_refused() {
        let file = std::env::temp_dir().join(format!("rust-peers-{}", std::process::id()));
        let numbers: [u64; 6] = [1, 65536, 1, 5, 3, 5];
        let mut octets: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
        octets.extend(b"\x81\x03abcabc");
        fs::write(&file, &octets).unwrap();
        let s = Stream::load(file.to_str().unwrap()).unwrap();
        assert_eq!(
            (s.text, s.chunk, &s.payloads[0][..], s.length(3)),
            (true, 65536, &b"abc"[..], 15)
        );
        fs::write(&file, &octets[..octets.len() - 1]).unwrap();
        assert!(Stream::load(file.to_str().unwrap()).is_err());
        fs::remove_file(&file).unwrap();
    }
}
