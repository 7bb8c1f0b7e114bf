//! Connections between two ends of one process, over the loopback.

#![allow(dead_code, unreachable_pub, reason = "each program uses a part of it")]

use std::net::{Ipv4Addr, TcpListener, TcpStream};

/// Connections: the guests' ends, and the cook's.
pub fn connections(count: usize) -> (Vec<TcpStream>, Vec<TcpStream>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    let address = listener.local_addr().expect("the port's number");
    let one = |_| {
        let guest = TcpStream::connect(address).expect("the door is open");
        let (cook, _) = listener.accept().expect("a guest");
        for end in [&guest, &cook] {
            end.set_nodelay(true).expect("a socket's option");
        }
        (guest, cook)
    };
    (0..count).map(one).unzip()
}
