//! The crate fastwebsockets. It checks UTF-8. Its futures never have to wait here.

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use fastwebsockets::{FragmentCollector, Frame, OpCode, Payload, Role, WebSocket};

use crate::conn::Conn;
use crate::tally::Tally;

fn role(server: bool) -> Role {
    if server { Role::Server } else { Role::Client }
}

/// The result of a future that never waits.
fn ready<T>(future: impl Future<Output = T>) -> Result<T, String> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(v) => Ok(v),
        Poll::Pending => Err("it waits".into()),
    }
}

/// Counts messages until all have come.
pub fn receive(server: bool, conn: Conn, tally: &mut Tally) -> Result<(), String> {
    let mut ws = FragmentCollector::new(WebSocket::after_handshake(conn, role(server)));
    tally.start();
    ready(async {
        while !tally.whole() {
            let frame = ws.read_frame().await.map_err(|e| e.to_string())?;
            tally.got(frame.opcode == OpCode::Text, &frame.payload);
        }
        Ok(())
    })?
}

/// Sends n messages, one behind the other; gives the connection back, and the time.
pub fn send<'a>(
    server: bool,
    conn: Conn<'a>,
    text: bool,
    payloads: &[Vec<u8>],
    n: usize,
) -> Result<(Conn<'a>, Duration), String> {
    let mut ws = WebSocket::after_handshake(conn, role(server));
    let opcode = if text { OpCode::Text } else { OpCode::Binary };
    let start = Instant::now();
    ready(async {
        for p in payloads.iter().cycle().take(n) {
            ws.write_frame(Frame::new(true, opcode, None, Payload::Borrowed(p)))
                .await
                .map_err(|e| e.to_string())?;
        }
        Ok::<_, String>(())
    })??;
    let took = start.elapsed();
    Ok((ws.into_inner(), took))
}
