//! Counts messages, compares them, stops the time.

use std::time::{Duration, Instant};

use crate::stream::Stream;

pub struct Tally<'a> {
    stream: &'a Stream,
    compare: bool,
    want: usize,
    n: usize,
    octets: usize,
    start: Instant,
    took: Duration,
    wrong: Option<usize>,
}

impl<'a> Tally<'a> {
    /// Wants the first messages of the stream; each octet is compared, or only counted.
    pub fn new(stream: &'a Stream, want: usize, compare: bool) -> Tally<'a> {
        Tally {
            stream,
            compare,
            want,
            n: 0,
            octets: 0,
            start: Instant::now(),
            took: Duration::ZERO,
            wrong: None,
        }
    }

    /// Is called when the connection is open, before messages are read.
    pub fn start(&mut self) {
        self.start = Instant::now();
    }

    /// Counts a message.
    pub fn got(&mut self, text: bool, payload: &[u8]) {
        self.octets += payload.len();
        if self.compare
            && (text != self.stream.text
                || payload != self.stream.payloads[self.n % self.stream.payloads.len()])
        {
            self.wrong.get_or_insert(self.n);
        }
        self.n += 1;
        if self.n == self.want {
            self.took = self.start.elapsed();
        }
    }

    pub fn whole(&self) -> bool {
        self.n == self.want
    }

    /// The time that the messages took; an error if they were not all, or not those.
    pub fn done(&self) -> Result<Duration, String> {
        let lengths: Vec<usize> = self.stream.payloads.iter().map(Vec::len).collect();
        let want = self.want / lengths.len() * lengths.iter().sum::<usize>()
            + lengths[..self.want % lengths.len()].iter().sum::<usize>();
        match self.wrong {
            Some(n) => Err(format!("message {n} is another")),
            None if self.n != self.want => {
                Err(format!("{} messages came, not {}", self.n, self.want))
            }
            None if self.octets != want => Err(format!("{} octets came, not {want}", self.octets)),
            None => Ok(self.took),
        }
    }
}
