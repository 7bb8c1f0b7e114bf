//! The one client of every server: blocking sockets, no runtime, always the same.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use super::MESSAGE;
use crate::cpu;

/// How often to look whether the servers sleep, at most; then the last look counts.
const LOOKS: u32 = 50;

/// Connections to one server.
#[derive(Debug)]
pub struct Client {
    streams: Vec<TcpStream>,
}

/// What some bursts cost.
#[derive(Clone, Copy, Debug)]
pub struct Burst {
    /// CPU time of all threads but the client's, in nanoseconds per request.
    pub cpu: f64,
    /// Wall time, in nanoseconds per request.
    pub wall: f64,
}

impl Client {
    /// Opens the connections one by one, each tried before the next, so that the
    /// server's backlog never overflows.
    pub(super) fn connect(
        address: SocketAddr,
        connections: usize,
    ) -> io::Result<Self> {
        let mut streams = Vec::with_capacity(connections);
        for _ in 0..connections {
            let mut stream = TcpStream::connect(address)?;
            stream.set_nodelay(true)?;
            stream.write_all(&message(0))?;
            answer(&mut stream, 0)?;
            streams.push(stream);
        }
        Ok(Self { streams })
    }

    /// Sends at least so many requests, in bursts over all connections.
    ///
    /// # Errors
    /// What a socket says, and an answer that is not the request.
    pub fn ask(&mut self, requests: usize) -> io::Result<Burst> {
        let bursts = requests.div_ceil(self.streams.len());
        let before = quiet_cpu_time();
        let started = Instant::now();
        for burst in 0..bursts {
            let message = message(burst);
            for stream in &mut self.streams {
                stream.write_all(&message)?;
            }
            for stream in &mut self.streams {
                answer(stream, burst)?;
            }
        }
        let wall = started.elapsed();
        let used = quiet_cpu_time() - before;
        let asked = (bursts * self.streams.len()) as f64;
        Ok(Burst {
            cpu: used.as_nanos() as f64 / asked,
            wall: wall.as_nanos() as f64 / asked,
        })
    }
}

fn message(burst: usize) -> [u8; MESSAGE] {
    [burst as u8; MESSAGE]
}

fn answer(stream: &mut TcpStream, burst: usize) -> io::Result<()> {
    let mut answer = [0; MESSAGE];
    stream.read_exact(&mut answer)?;
    if answer == message(burst) {
        return Ok(());
    }
    Err(io::Error::other("the answer is not the request"))
}

/// The other threads' CPU time once it has stopped growing: a server that has sent
/// its last answer is not asleep yet, and its way to bed belongs to this round.
fn quiet_cpu_time() -> Duration {
    let mut last = cpu::other_threads_time();
    for _ in 0..LOOKS {
        thread::sleep(Duration::from_millis(1));
        let now = cpu::other_threads_time();
        if now == last {
            break;
        }
        last = now;
    }
    last
}
