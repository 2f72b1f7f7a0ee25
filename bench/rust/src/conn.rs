//! A connection in memory: it is read as the first messages of a stream, then the
//! end; what is written is counted, or kept.

use std::io::{self, IoSlice, Read, Write};
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::stream::Stream;

pub struct Conn<'a> {
    octets: &'a [u8],
    chunk: usize,
    at: usize,
    left: usize,
    /// Pieces that were written, those of a vectored write each.
    pub writes: usize,
    /// What was written, if it is to be kept.
    pub out: Option<Vec<u8>>,
}

impl<'a> Conn<'a> {
    pub fn new(s: &'a Stream, messages: usize) -> Conn<'a> {
        Conn {
            octets: &s.octets,
            chunk: s.chunk,
            at: 0,
            left: s.length(messages),
            writes: 0,
            out: None,
        }
    }

    /// Hands out as much as fits into the room, in one piece, or in several where the
    /// stream begins again.
    fn read_into(&mut self, room: usize, mut put: impl FnMut(&[u8])) -> usize {
        let n = room.min(self.left).min(self.chunk);
        let mut rest = n;
        while rest > 0 {
            let k = rest.min(self.octets.len() - self.at);
            put(&self.octets[self.at..self.at + k]);
            self.at = (self.at + k) % self.octets.len();
            rest -= k;
        }
        self.left -= n;
        n
    }

    fn written(&mut self, parts: &[IoSlice]) -> usize {
        self.writes += parts.len();
        let mut n = 0;
        for p in parts {
            if let Some(out) = &mut self.out {
                out.extend_from_slice(p);
            }
            n += p.len();
        }
        n
    }
}

impl Read for Conn<'_> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let mut at = 0;
        Ok(self.read_into(room.len(), |p| {
            room[at..at + p.len()].copy_from_slice(p);
            at += p.len();
        }))
    }
}

impl Write for Conn<'_> {
    fn write(&mut self, p: &[u8]) -> io::Result<usize> {
        Ok(self.written(&[IoSlice::new(p)]))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl AsyncRead for Conn<'_> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context,
        buf: &mut ReadBuf,
    ) -> Poll<io::Result<()>> {
        self.read_into(buf.remaining(), |p| buf.put_slice(p));
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Conn<'_> {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context, p: &[u8]) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(self.written(&[IoSlice::new(p)])))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        _: &mut Context,
        parts: &[IoSlice],
    ) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(self.written(parts)))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
