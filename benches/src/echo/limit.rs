//! The limit of row 11: a loop over mio and nothing else.
//!
//! No tasks, no wakers: the token is the connection's index. It makes the system
//! calls that an echo cannot do without, in the order of the events.

use std::io::{self, ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::sync::mpsc::Sender;

use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};

use super::BUFFER;
use crate::cpu;

const LISTENER: Token = Token(usize::MAX);

pub(super) fn serve(
    connections: usize,
    told: Sender<SocketAddr>,
) -> io::Result<()> {
    cpu::pin_measured();
    let mut poll = Poll::new()?;
    let mut events = Events::with_capacity(1024);
    let mut listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    poll.registry()
        .register(&mut listener, LISTENER, Interest::READABLE)?;
    told.send(listener.local_addr()?)
        .expect("the client waits for it");

    let mut streams = Vec::with_capacity(connections);
    let mut open = connections;
    while open > 0 {
        poll.poll(&mut events, None)?;
        for event in &events {
            match event.token() {
                LISTENER => accept(&poll, &listener, &mut streams)?,
                Token(index) => {
                    let closed = match &mut streams[index] {
                        Some(stream) => echo(stream)?,
                        // An event that was on its way when the stream was closed.
                        None => false,
                    };
                    if closed {
                        streams[index] = None;
                        open -= 1;
                    }
                }
            }
        }
    }
    Ok(())
}

fn accept(
    poll: &Poll,
    listener: &TcpListener,
    streams: &mut Vec<Option<TcpStream>>,
) -> io::Result<()> {
    loop {
        match listener.accept() {
            Ok((mut stream, _)) => {
                stream.set_nodelay(true)?;
                let token = Token(streams.len());
                let interest = Interest::READABLE | Interest::WRITABLE;
                poll.registry().register(&mut stream, token, interest)?;
                streams.push(Some(stream));
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}

/// Echoes what is there, and says whether the client has closed. A read that does
/// not fill the buffer has emptied the socket: epoll will tell when there is more.
fn echo(stream: &mut TcpStream) -> io::Result<bool> {
    let mut buffer = [0; BUFFER];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => return Ok(true),
            Ok(read) => {
                stream.write_all(&buffer[..read])?;
                if read < BUFFER {
                    return Ok(false);
                }
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                return Ok(false);
            }
            Err(error) => return Err(error),
        }
    }
}
