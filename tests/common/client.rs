//! An HTTP client over a bare socket: it sends what it is told to, right or wrong.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long a client waits for anything. Only a server that hangs takes this long, so a
/// busy machine does not matter.
const PATIENCE: Duration = Duration::from_secs(60);

/// One connection.
pub(crate) struct Client {
    stream: TcpStream,
    /// What has arrived and belongs to no answer yet.
    arrived: Vec<u8>,
}

/// One answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Client {
    pub(crate) fn connect(address: SocketAddr) -> Client {
        let stream = TcpStream::connect(address).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
        stream.set_write_timeout(Some(PATIENCE)).expect("a timeout");
        Client {
            stream,
            arrived: Vec::new(),
        }
    }

    /// Sends these bytes. A server may refuse half-way, so this may fail.
    pub(crate) fn try_send(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.stream.write_all(bytes)
    }

    pub(crate) fn send(&mut self, text: &str) {
        self.try_send(text.as_bytes()).expect("the server reads");
    }

    /// Asks for `target` as a browser would.
    pub(crate) fn ask(&mut self, method: &str, target: &str) {
        let host = self.stream.peer_addr().expect("a peer");
        self.send(&format!(
            "{method} {target} HTTP/1.1\r\nHost: {host}\r\n\r\n"
        ));
    }

    /// The next answer, with its body.
    pub(crate) fn answer(&mut self) -> Answer {
        let mut answer = self.answer_to_head();
        let length = answer.header("content-length").expect("a length");
        let length = length.parse().expect("a number");
        while self.arrived.len() < length {
            assert!(self.receive(), "the server left in the middle of a body");
        }
        answer.body = self.arrived.drain(..length).collect();
        answer
    }

    /// The next answer as far as its head, as after HEAD or before a stream.
    pub(crate) fn answer_to_head(&mut self) -> Answer {
        let end = loop {
            let end = self.arrived.windows(4).position(|four| four == b"\r\n\r\n");
            if let Some(end) = end {
                break end + 4;
            }
            assert!(self.receive(), "no answer, but {:?}", self.arrived_text());
        };
        let head: Vec<u8> = self.arrived.drain(..end).collect();
        let head = String::from_utf8(head).expect("a head in ASCII");
        let status = head.split(' ').nth(1).expect("a status line");
        let status = status.parse().expect("a number");
        Answer {
            status,
            head,
            body: Vec::new(),
        }
    }

    /// Waits until `text` has arrived, and takes all up to its end.
    pub(crate) fn wait_for(&mut self, text: &str) -> String {
        loop {
            let arrived = self.arrived_text();
            if let Some(at) = arrived.find(text) {
                let end = at + text.len();
                self.arrived.drain(..end);
                return arrived[..end].to_owned();
            }
            assert!(self.receive(), "{text:?} never came, but {arrived:?}");
        }
    }

    /// Whether the server ends the connection, with nothing more to say.
    pub(crate) fn is_closed(&mut self) -> bool {
        self.arrived.is_empty() && !self.receive()
    }

    /// All that still comes until the server ends the connection.
    pub(crate) fn rest(&mut self) -> Vec<u8> {
        while self.receive() {}
        std::mem::take(&mut self.arrived)
    }

    /// Whether something arrives within `moment`.
    pub(crate) fn hears_within(&mut self, moment: Duration) -> bool {
        self.stream
            .set_read_timeout(Some(moment))
            .expect("a timeout");
        let heard = self.stream.peek(&mut [0]);
        self.stream
            .set_read_timeout(Some(PATIENCE))
            .expect("a timeout");
        match heard {
            Ok(_) => true,
            Err(error) => {
                let waits = [ErrorKind::WouldBlock, ErrorKind::TimedOut];
                !waits.contains(&error.kind())
            }
        }
    }

    fn arrived_text(&self) -> String {
        String::from_utf8_lossy(&self.arrived).into_owned()
    }

    /// Reads once; false at the end of the connection, orderly or not.
    fn receive(&mut self) -> bool {
        let mut bytes = [0; 16 * 1024];
        loop {
            match self.stream.read(&mut bytes) {
                Ok(count) => {
                    self.arrived.extend(&bytes[..count]);
                    return count > 0;
                }
                Err(error) => match error.kind() {
                    ErrorKind::Interrupted => {}
                    ErrorKind::ConnectionReset => return false,
                    _ => panic!("reading failed: {error}"),
                },
            }
        }
    }
}

impl Answer {
    /// A header's value, by its name in any case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// One page over a connection of its own.
pub(crate) fn get(address: SocketAddr, target: &str) -> Answer {
    let mut client = Client::connect(address);
    client.ask("GET", target);
    client.answer()
}

/// The answer to a request that stands here byte for byte, `HOST` put in.
pub(crate) fn raw(address: SocketAddr, request: &str) -> Answer {
    let mut client = Client::connect(address);
    client.send(&request.replace("HOST", &address.to_string()));
    client.answer()
}
