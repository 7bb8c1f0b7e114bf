//! TCP: echo at scale, short reads, ends and resets, sockets in the wrong place.

mod common;

use std::cell::Cell;
use std::future::poll_fn;
use std::io::{ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::thread;
use std::time::Duration;

use kettle::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, ReadBuf};
use kettle::net::{TcpListener, TcpStream};
use kettle::runtime::Runtime;
use kettle::task::{spawn_local, yield_now};
use kettle::time::{sleep, timeout};

use common::alone::{alone, alone_after};
use common::baseline::{Baseline, descriptors};
use common::count::{Count, poll, poll_with};
use common::hostile::{Happening, hostile};
use common::watchdog::watched;

fn full() -> Runtime {
    Runtime::new().expect("there are descriptors")
}

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    (listener, address)
}

/// Two ends of one connection.
async fn pair() -> (TcpStream, TcpStream) {
    let (listener, address) = listen().await;
    let client = TcpStream::connect(address).await.expect("it listens");
    let (server, from) = listener.accept().await.expect("it was connected");
    assert_eq!(from, client.local_addr().unwrap());
    assert_eq!(server.local_addr().unwrap(), client.peer_addr().unwrap());
    (client, server)
}

/// Numbers that look random and are the same in each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % most as u64) as usize
    }
}

/// Sends back what comes, until the end comes, in reads of `most` bytes at most.
async fn echo(mut stream: TcpStream, most: usize) {
    let mut buf = vec![0; most];
    loop {
        let read = stream.read(&mut buf).await.expect("the client is well");
        if read == 0 {
            return stream.shutdown().await.expect("the client is well");
        }
        stream
            .write_all(&buf[..read])
            .await
            .expect("the client is well");
    }
}

#[test]
fn e2_a_thousand_connections_echo_chunks_of_all_sizes_through_short_reads() {
    // Two thousand sockets and some: more than a shell gives by default in some places.
    const CONNECTIONS: usize = 1_000;
    let name =
        "e2_a_thousand_connections_echo_chunks_of_all_sizes_through_short_reads";
    alone_after(name, "ulimit -n $(ulimit -Hn)", || {
        watched(|| {
            let before = {
                // What the first runtime of a process leaves behind for good is no leak.
                drop(full());
                Baseline::now()
            };
            let runtime = full();
            let served = Rc::new(Cell::new(0));
            let counter = Rc::clone(&served);
            runtime.block_on(async {
                let (listener, address) = listen().await;
                let server = spawn_local(async move {
                    for number in 0..CONNECTIONS {
                        let (stream, _) =
                            listener.accept().await.expect("a client");
                        let counter = Rc::clone(&counter);
                        spawn_local(async move {
                            echo(stream, 1 + number % 97).await;
                            counter.set(counter.get() + 1);
                        });
                    }
                });
                let clients: Vec<_> = (0..CONNECTIONS)
                    .map(|number| spawn_local(client(address, number as u64)))
                    .collect();
                for client in clients {
                    client.await.expect("the echo is right");
                }
                server.await.expect("all were accepted");
                while served.get() < CONNECTIONS {
                    yield_now().await;
                }
            });
            drop(runtime);
            assert_eq!(Baseline::now(), before);
        });
    });
}

/// Connects, sends chunks of random sizes, and compares what comes back.
async fn client(address: SocketAddr, seed: u64) {
    let mut dice = Dice(seed * 2 + 1);
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    for _ in 0..4 {
        let sent: Vec<u8> = (0..1 + dice.roll(700))
            .map(|_| dice.roll(256) as u8)
            .collect();
        stream.write_all(&sent).await.expect("the server is well");
        let mut got = vec![0; sent.len()];
        stream
            .read_exact(&mut got)
            .await
            .expect("the server is well");
        assert_eq!(got, sent);
    }
    stream.shutdown().await.expect("the server is well");
    let mut rest = Vec::new();
    assert_eq!(stream.read_to_end(&mut rest).await.expect("it ends"), 0);
}

#[test]
fn e2_megabytes_flow_both_ways_at_once_through_full_buffers() {
    watched(|| {
        const SIZE: usize = 4 << 20;
        full().block_on(async {
            let (mut client, server) = pair().await;
            let serving = spawn_local(echo(server, 1 << 16));
            // One task writes, without reading; the buffers fill, and the writes wait.
            let data: Vec<u8> = (0..SIZE).map(|it| (it * 31 % 251) as u8).collect();
            let (mut sent, mut got) = (0, Vec::with_capacity(SIZE));
            poll_fn(|cx| {
                use kettle::io::AsyncWrite;
                let mut moved = true;
                while moved {
                    moved = false;
                    if sent < SIZE
                        && let Poll::Ready(count) =
                            Pin::new(&mut client).poll_write(cx, &data[sent..])
                    {
                        sent += count.expect("the server is well");
                        moved = true;
                    }
                    let mut room = [0; 10_000];
                    let mut buf = ReadBuf::new(&mut room);
                    if got.len() < SIZE
                        && Pin::new(&mut client).poll_read(cx, &mut buf).is_ready()
                    {
                        got.extend_from_slice(buf.filled());
                        moved = true;
                    }
                }
                match got.len() {
                    SIZE => Poll::Ready(()),
                    _ => Poll::Pending,
                }
            })
            .await;
            assert_eq!(got, data);
            client.shutdown().await.unwrap();
            serving.await.expect("the echo ends");
        });
    });
}

#[test]
fn e2_what_arrives_while_a_short_read_is_taken_is_not_lost() {
    // A thread writes single bytes while the reader takes them one by one; any lost edge
    // ends in a hang.
    watched(|| {
        let runtime = full();
        runtime.block_on(async {
            let (listener, address) = listen().await;
            let writer = thread::spawn(move || {
                let mut stream = std::net::TcpStream::connect(address).unwrap();
                stream.set_nodelay(true).unwrap();
                for number in 0..20_000_u32 {
                    stream.write_all(&number.to_le_bytes()[..1]).unwrap();
                }
            });
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut room = [0; 3];
            let mut expected = 0_u32;
            loop {
                let read = stream.read(&mut room).await.unwrap();
                for byte in &room[..read] {
                    assert_eq!(*byte, expected as u8);
                    expected += 1;
                }
                if read == 0 {
                    break;
                }
            }
            assert_eq!(expected, 20_000);
            writer.join().unwrap();
        });
    });
}

#[test]
fn a_half_closed_connection_still_carries_the_other_way() {
    watched(|| {
        full().block_on(async {
            let (mut client, mut server) = pair().await;
            client.write_all(b"question").await.unwrap();
            client.shutdown().await.unwrap();
            let mut question = String::new();
            server.read_to_string(&mut question).await.unwrap();
            assert_eq!(question, "question");
            assert_eq!(server.read(&mut [0; 8]).await.unwrap(), 0, "the end stays");
            server.write_all(b"answer").await.unwrap();
            let mut answer = [0; 6];
            client.read_exact(&mut answer).await.unwrap();
            assert_eq!(&answer, b"answer");
            let error = client.write(b"more").await.expect_err("it is shut");
            assert_eq!(error.kind(), ErrorKind::BrokenPipe);
            drop(server);
            assert_eq!(client.read(&mut [0; 8]).await.unwrap(), 0);
        });
    });
}

#[test]
fn e3_a_peer_that_goes_wakes_the_reader_and_the_writer() {
    watched(|| {
        full().block_on(async {
            let (client, server) = pair().await;
            // Fill the way to the peer, so that a writer waits; nothing comes to read.
            let client = Rc::new(std::cell::RefCell::new(client));
            let filling = Rc::clone(&client);
            let writer = spawn_local(async move {
                loop {
                    let written = poll_fn(|cx| {
                        use kettle::io::AsyncWrite;
                        let mut stream = filling.borrow_mut();
                        Pin::new(&mut *stream).poll_write(cx, &[0; 1 << 16])
                    });
                    if let Err(error) = written.await {
                        return error.kind();
                    }
                }
            });
            let reader = spawn_local(async move {
                let read = poll_fn(|cx| {
                    let mut stream = client.borrow_mut();
                    let mut room = [0; 8];
                    let mut buf = ReadBuf::new(&mut room);
                    let polled = Pin::new(&mut *stream).poll_read(cx, &mut buf);
                    polled.map(|it| it.map(|()| buf.filled().len()))
                });
                read.await.map_err(|error| error.kind())
            });
            // Both wait when two rounds bring nothing new.
            sleep(Duration::from_millis(20)).await;
            assert!(!writer.is_finished() && !reader.is_finished());
            // Unread bytes make it a reset.
            drop(server);
            let reset = [ErrorKind::ConnectionReset, ErrorKind::BrokenPipe];
            assert!(reset.contains(&writer.await.unwrap()));
            match reader.await.unwrap() {
                Ok(read) => assert_eq!(read, 0),
                Err(kind) => assert_eq!(kind, ErrorKind::ConnectionReset),
            }
        });
    });
}

#[test]
fn a_reset_is_told_once_to_a_reader_that_waits() {
    watched(|| {
        full().block_on(async {
            let (mut client, mut server) = pair().await;
            client.write_all(b"only half of it is read").await.unwrap();
            let reader = spawn_local(async move {
                let error = client.read(&mut [0; 8]).await.expect_err("a reset");
                let again = client.read(&mut [0; 8]).await;
                (error.kind(), again.expect("it was told"))
            });
            server.read_exact(&mut [0; 4]).await.unwrap();
            yield_now().await;
            assert!(!reader.is_finished(), "it waits");
            // Closed with bytes that nobody read: a reset.
            drop(server);
            assert_eq!(reader.await.unwrap(), (ErrorKind::ConnectionReset, 0));
        });
    });
}

#[test]
fn a_refused_connection_is_an_error() {
    watched(|| {
        full().block_on(async {
            let (listener, address) = listen().await;
            drop(listener);
            let error = TcpStream::connect(address)
                .await
                .expect_err("nobody listens");
            assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
            let error = TcpStream::connect(&[][..] as &[SocketAddr]).await;
            let error = error.expect_err("there is no address");
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
        });
    });
}

#[test]
fn connect_tries_every_address() {
    watched(|| {
        full().block_on(async {
            let (gone, refused) = listen().await;
            drop(gone);
            let (_listener, address) = listen().await;
            let stream = TcpStream::connect(&[refused, address][..]).await;
            assert_eq!(stream.unwrap().peer_addr().unwrap(), address);
        });
    });
}

#[test]
fn a_taken_port_is_an_error() {
    full().block_on(async {
        let (_listener, address) = listen().await;
        let error = TcpListener::bind(address).await.expect_err("it is taken");
        assert_eq!(error.kind(), ErrorKind::AddrInUse);
    });
}

#[test]
fn a_socket_used_on_another_thread_is_an_error_that_says_so() {
    watched(|| {
        let runtime = full();
        let (listener, mut stream, other) = runtime.block_on(async {
            let (listener, address) = listen().await;
            let stream = TcpStream::connect(address).await.unwrap();
            let (other, _) = listener.accept().await.unwrap();
            (listener, stream, other)
        });
        let elsewhere = thread::spawn(move || {
            for inside in [false, true] {
                let check = async {
                    let error =
                        stream.read(&mut [0; 1]).await.expect_err("not home");
                    let said = error.to_string();
                    assert!(said.contains("on another thread"), "{said}");
                    assert!(stream.write(b"x").await.is_err());
                    assert!(listener.accept().await.is_err());
                };
                match inside {
                    true => full().block_on(check),
                    false => kettle::block_on(check),
                }
            }
            stream
        });
        // It comes home and works on, and the other end is dropped elsewhere.
        let mut stream = elsewhere.join().expect("the assertions hold");
        thread::spawn(move || drop(other)).join().unwrap();
        let read = runtime.block_on(async { stream.read(&mut [0; 1]).await });
        assert_eq!(read.expect("it is at home"), 0);
    });
}

#[test]
fn a_dropped_wait_for_a_socket_loses_nothing() {
    watched(|| {
        full().block_on(async {
            let (listener, address) = listen().await;
            let (count, waker) = Count::new();
            {
                let mut accept = pin!(listener.accept());
                assert!(poll_with(accept.as_mut(), &waker).is_pending());
            }
            let mut client = TcpStream::connect(address).await.unwrap();
            let (mut server, _) = listener.accept().await.unwrap();
            {
                let mut room = [0; 8];
                let mut read = pin!(server.read(&mut room));
                assert!(poll_with(read.as_mut(), &waker).is_pending());
            }
            client.write_all(b"all of it").await.unwrap();
            client.shutdown().await.unwrap();
            let mut got = Vec::new();
            server.read_to_end(&mut got).await.unwrap();
            assert_eq!(got, b"all of it");
            drop((server, listener));
            assert_eq!(count.others(), 0);
        });
    });
}

#[test]
fn c23_a_socket_wakes_the_waker_of_the_last_poll() {
    watched(|| {
        let runtime = full();
        let (first, second) = (Count::new(), Count::new());
        runtime.block_on(async {
            let (mut client, mut server) = pair().await;
            let mut room = [0; 8];
            let mut read = Box::pin(server.read(&mut room));
            for (_, waker) in [&first, &second, &second] {
                assert!(poll_with(read.as_mut(), waker).is_pending());
            }
            assert_eq!((first.0.others(), second.0.others()), (0, 1));
            client.write_all(b"x").await.unwrap();
            while second.0.wakes() == 0 {
                yield_now().await;
            }
            assert!(poll(read.as_mut()).is_ready());
        });
        assert_eq!((first.0.wakes(), second.0.wakes()), (0, 1));
        assert_eq!(second.0.others(), 0);
    });
}

#[test]
fn e5_a_stale_event_never_reaches_the_next_socket_of_its_slot() {
    // In one sweep there are events for all; the first task to run drops the others'
    // sockets and makes new ones, which get their descriptors and slots.
    watched(|| {
        full().block_on(async {
            for _ in 0..50 {
                let mut old = Vec::new();
                let mut writers = Vec::new();
                for _ in 0..8 {
                    let (client, server) = pair().await;
                    old.push(server);
                    writers.push(client);
                }
                for stream in &mut old {
                    let mut room = [0; 1];
                    assert!(poll(pin!(stream.read(&mut room))).is_pending());
                }
                for stream in &mut writers {
                    stream.write_all(b"for the old").await.unwrap();
                }
                // The events are on their way, or here; nobody has read.
                old.clear();
                let mut fresh = Vec::new();
                for _ in 0..8 {
                    fresh.push(pair().await);
                }
                let (count, waker) = Count::new();
                for (_, server) in &mut fresh {
                    let mut room = [0; 1];
                    let read = pin!(server.read(&mut room));
                    assert!(poll_with(read, &waker).is_pending());
                }
                for _ in 0..3 {
                    sleep(Duration::from_micros(1)).await;
                }
                assert_eq!(count.wakes(), 0, "a stranger's event");
                drop(writers);
            }
        });
    });
}

#[test]
fn e6_a_socket_made_during_a_sweep_does_not_get_the_event_of_the_one_before() {
    // Two sockets are ready in one sweep. The waker of the first drops the second, and
    // makes a listener in its slot, before the sweep comes to the second's event.
    watched(|| {
        let runtime = full();
        for _ in 0..20 {
            let (count, waker) = Count::new();
            let (mut clients, servers): (Vec<_>, Vec<_>) = runtime
                .block_on(async { [pair().await, pair().await] })
                .into_iter()
                .unzip();
            let servers = Arc::new(Mutex::new(servers));
            let fresh = Arc::new(Mutex::new(Vec::new()));
            let meddler = |other: usize| {
                let (servers, fresh) = (Arc::clone(&servers), Arc::clone(&fresh));
                let waker = waker.clone();
                hostile(move |happening| {
                    if happening == Happening::Wake
                        && fresh.lock().unwrap().is_empty()
                    {
                        let other = servers.lock().unwrap().remove(other);
                        drop(other);
                        let bind =
                            std::net::TcpListener::bind("127.0.0.1:0").unwrap();
                        bind.set_nonblocking(true).unwrap();
                        let listener = TcpListener::from_std(bind).unwrap();
                        let mut cx = Context::from_waker(&waker);
                        assert!(listener.poll_accept(&mut cx).is_pending());
                        fresh.lock().unwrap().push(listener);
                    }
                })
            };
            let meddlers = [meddler(1), meddler(0)];
            runtime.block_on(async {
                for (server, meddler) in
                    servers.lock().unwrap().iter_mut().zip(&meddlers)
                {
                    let mut room = [0; 1];
                    let read = pin!(server.read(&mut room));
                    assert!(poll_with(read, meddler).is_pending());
                }
                for client in &mut clients {
                    let written = poll(pin!(client.write_all(b"both at once")));
                    assert!(written.is_ready(), "the buffer is empty");
                }
                while fresh.lock().unwrap().is_empty() {
                    sleep(Duration::from_millis(1)).await;
                }
                sleep(Duration::from_millis(1)).await;
            });
            assert_eq!(count.wakes(), 0, "a stranger's event");
        }
    });
}

#[test]
fn b15_a_self_waking_task_does_not_hold_up_sockets() {
    watched(|| {
        full().block_on(async {
            let greedy = spawn_local(async {
                loop {
                    yield_now().await;
                }
            });
            let (mut client, server) = pair().await;
            spawn_local(echo(server, 64));
            let mut buf = [0; 4];
            for _ in 0..200 {
                client.write_all(b"ping").await.unwrap();
                client.read_exact(&mut buf).await.unwrap();
            }
            greedy.abort();
        });
    });
}

#[test]
fn b9_a_reader_that_always_finds_more_gives_way() {
    watched(|| {
        let runtime = full();
        runtime.block_on(async {
            let (listener, address) = listen().await;
            thread::spawn(move || {
                let mut flood = std::net::TcpStream::connect(address).unwrap();
                while flood.write_all(&[7; 1 << 16]).is_ok() {}
            });
            let (mut stream, _) = listener.accept().await.unwrap();
            let reader = spawn_local(async move {
                let mut byte = [0; 1];
                while stream.read(&mut byte).await.is_ok_and(|read| read > 0) {}
            });
            // The reader never waits for long; the timer fires in between all the same.
            for _ in 0..10 {
                sleep(Duration::from_millis(1)).await;
            }
            reader.abort();
        });
    });
}

#[test]
fn a_peer_that_does_not_answer_is_left_by_a_timeout() {
    watched(|| {
        full().block_on(async {
            let (mut client, _server) = pair().await;
            let mut room = [0; 1];
            let read = timeout(Duration::from_millis(5), client.read(&mut room));
            assert!(read.await.is_err());
        });
    });
}

#[test]
fn nodelay_is_what_it_was_set_to() {
    full().block_on(async {
        let (client, _server) = pair().await;
        for nodelay in [true, false] {
            client.set_nodelay(nodelay).unwrap();
            assert_eq!(client.nodelay().unwrap(), nodelay);
        }
    });
}

#[test]
fn sockets_come_from_std_and_speak_with_std() {
    watched(|| {
        full().block_on(async {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            let address = listener.local_addr().unwrap();
            listener.set_nonblocking(true).unwrap();
            let listener = TcpListener::from_std(listener).unwrap();
            let other = thread::spawn(move || {
                let mut stream = std::net::TcpStream::connect(address).unwrap();
                stream.write_all(b"from std").unwrap();
                stream.shutdown(std::net::Shutdown::Write).unwrap();
                let mut back = String::new();
                stream.read_to_string(&mut back).unwrap();
                back
            });
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut got = String::new();
            stream.read_to_string(&mut got).await.unwrap();
            assert_eq!(got, "from std");
            stream.write_all(b"from kettle").await.unwrap();
            drop(stream);
            assert_eq!(other.join().unwrap(), "from kettle");
        });
    });
}

#[test]
fn e4_out_of_descriptors_accept_fails_others_go_on_and_it_recovers() {
    let name = "e4_out_of_descriptors_accept_fails_others_go_on_and_it_recovers";
    alone_after(name, "ulimit -n 64", || {
        watched(|| {
            full().block_on(async {
                let (listener, address) = listen().await;
                let turns = Rc::new(Cell::new(0_u32));
                let counter = Rc::clone(&turns);
                let other = spawn_local(async move {
                    loop {
                        counter.set(counter.get() + 1);
                        yield_now().await;
                    }
                });
                let mut hoard = Vec::new();
                while let Ok(file) = std::fs::File::open("/dev/null") {
                    hoard.push(file);
                }
                hoard.pop();
                // The last descriptor is the client's: there is none to accept it with.
                let client = TcpStream::connect(address).await.unwrap();
                let before = turns.get();
                for _ in 0..1_000 {
                    let error = listener.accept().await.expect_err("none is left");
                    assert_eq!(error.raw_os_error(), Some(24), "EMFILE");
                }
                assert!(turns.get() - before >= 5, "a turn for each spent budget");
                drop(hoard);
                let (server, from) = listener.accept().await.expect("it recovers");
                assert_eq!(from, client.local_addr().unwrap());
                drop(server);
                other.abort();
            });
        });
    });
}

#[test]
fn e8_a_socket_that_cannot_be_made_leaves_nothing_behind() {
    let name = "e8_a_socket_that_cannot_be_made_leaves_nothing_behind";
    alone_after(name, "ulimit -n 48", || {
        let runtime = full();
        let (listener, address) = runtime.block_on(listen());
        let before = descriptors();
        for _ in 0..3 {
            let mut hoard = Vec::new();
            runtime.block_on(async {
                loop {
                    match TcpStream::connect(address).await {
                        Ok(stream) => hoard.push(stream),
                        Err(error) => {
                            assert_eq!(error.raw_os_error(), Some(24), "EMFILE");
                            break;
                        }
                    }
                }
            });
            assert!(Runtime::new().is_err(), "there is no descriptor for it");
            assert!(hoard.len() > 10);
            drop(hoard);
            assert_eq!(descriptors(), before);
        }
        drop((listener, runtime));
        full();
    });
}

#[test]
fn e11_an_interrupted_wait_goes_on() {
    // A stopped and continued process gets EINTR from its wait for events.
    alone("e11_an_interrupted_wait_goes_on", || {
        watched(|| {
            let me = std::process::id();
            let script = format!(
                "for i in 1 2 3 4 5; do sleep 0.02; kill -STOP {me}; sleep 0.02; \
                 kill -CONT {me}; done"
            );
            let mut shell = std::process::Command::new("sh")
                .args(["-c", &script])
                .spawn()
                .expect("a shell can be started");
            full().block_on(async {
                let (mut client, server) = pair().await;
                spawn_local(echo(server, 64));
                let mut buf = [0; 4];
                // Long waits, that the signals fall into, with traffic in between.
                while shell.try_wait().expect("it can be asked").is_none() {
                    sleep(Duration::from_millis(30)).await;
                    client.write_all(b"ping").await.unwrap();
                    client.read_exact(&mut buf).await.unwrap();
                }
            });
        });
    });
}

#[test]
fn a_storm_of_connects_and_closes_leaves_no_descriptor() {
    const STORM: usize = 3_000;
    alone(
        "a_storm_of_connects_and_closes_leaves_no_descriptor",
        || {
            watched(|| {
                let runtime = full();
                let before = Baseline::now();
                runtime.block_on(async {
                    let (listener, address) = listen().await;
                    let server = spawn_local(async move {
                        for _ in 0..STORM {
                            drop(listener.accept().await.expect("a client"));
                        }
                    });
                    for _ in 0..STORM {
                        let mut client = TcpStream::connect(address).await.unwrap();
                        // The server closes first, so that the ports are free again here.
                        match client.read(&mut [0; 1]).await {
                            Ok(read) => assert_eq!(read, 0),
                            Err(error) => {
                                assert_eq!(error.kind(), ErrorKind::ConnectionReset)
                            }
                        }
                    }
                    server.await.expect("all were accepted");
                });
                assert_eq!(Baseline::now(), before);
            });
        },
    );
}

/// Polls `future` until it waits, gives it what it waits for and takes that away again
/// before it looks, and gives it once more.
async fn rob<T>(
    future: impl Future<Output = T>,
    give: impl Fn(),
    take_away: impl Fn() -> bool,
) -> T {
    let mut future = pin!(future);
    let (count, waker) = Count::new();
    assert!(poll_with(future.as_mut(), &waker).is_pending());
    give();
    while count.wakes() == 0 {
        yield_now().await;
    }
    while !take_away() {}
    // The reactor has said that it is ready, and there is nothing.
    assert!(poll_with(future.as_mut(), &waker).is_pending());
    give();
    future.await
}

#[test]
fn e12_a_listener_that_is_told_of_nothing_waits_on() {
    watched(|| {
        full().block_on(async {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            let address = listener.local_addr().unwrap();
            listener.set_nonblocking(true).unwrap();
            let other = listener.try_clone().unwrap();
            let listener = TcpListener::from_std(listener).unwrap();
            let client = Cell::new(None);
            let connect = || {
                let stream = std::net::TcpStream::connect(address).unwrap();
                client.set(Some(stream));
            };
            let take_away = || other.accept().is_ok();
            let got = rob(listener.accept(), connect, take_away).await;
            let (_, from) = got.unwrap();
            assert_eq!(from, client.take().unwrap().local_addr().unwrap());
        });
    });
}

#[test]
fn e12_a_stream_that_is_told_of_nothing_waits_on() {
    watched(|| {
        full().block_on(async {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            let address = listener.local_addr().unwrap();
            let client = std::net::TcpStream::connect(address).unwrap();
            let (stream, _) = listener.accept().unwrap();
            stream.set_nonblocking(true).unwrap();
            let other = stream.try_clone().unwrap();
            let mut stream = TcpStream::from_std(stream).unwrap();
            let mut byte = [0];
            let write = || (&client).write_all(b"x").unwrap();
            let take_away = || matches!((&other).read(&mut [0]), Ok(1));
            let got = rob(stream.read(&mut byte), write, take_away).await;
            assert_eq!((got.unwrap(), byte), (1, *b"x"));
        });
    });
}
