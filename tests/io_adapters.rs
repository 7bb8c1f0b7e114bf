//! E15: the adapters over readers and writers that give and take in random pieces, wait,
//! and fail in the middle; beside what std's adapters do with the same pieces.

mod common;

use std::collections::VecDeque;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use kettle::io::{
    AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ErrorKind, ReadBuf,
};
use proptest::prelude::*;

use common::count::poll;

/// One poll of a source or a sink.
#[derive(Debug, Clone)]
enum Piece {
    /// This many bytes at most.
    Some(usize),
    /// Not yet.
    Wait,
    /// An error of this kind.
    Fail(ErrorKind),
}

/// A source, and a sink, that follow a list; after it they are generous.
#[derive(Debug, Clone)]
struct Pieces {
    pieces: VecDeque<Piece>,
    /// What is still to be read, or what has been written.
    bytes: Vec<u8>,
    at: usize,
    flushed: usize,
    shut: bool,
}

impl Pieces {
    fn new(pieces: &[Piece], bytes: &[u8]) -> Pieces {
        Pieces {
            pieces: pieces.iter().cloned().collect(),
            bytes: bytes.to_vec(),
            at: 0,
            flushed: 0,
            shut: false,
        }
    }

    /// The size of the next piece; the waits are for the asynchronous side.
    fn next(&mut self, cx: Option<&Context<'_>>) -> Poll<io::Result<usize>> {
        loop {
            return match (self.pieces.pop_front(), cx) {
                (None, _) => Poll::Ready(Ok(usize::MAX)),
                (Some(Piece::Some(most)), _) => Poll::Ready(Ok(most)),
                (Some(Piece::Fail(kind)), _) => Poll::Ready(Err(kind.into())),
                (Some(Piece::Wait), None) => continue,
                (Some(Piece::Wait), Some(cx)) => {
                    cx.waker().wake_by_ref();
                    Poll::Pending
                }
            };
        }
    }

    fn give(&mut self, most: usize) -> Vec<u8> {
        let end = self.at + most.min(self.bytes.len() - self.at);
        let given = self.bytes[self.at..end].to_vec();
        self.at = end;
        given
    }
}

impl AsyncRead for Pieces {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.next(Some(cx)).map(|most| {
            let most = most?.min(buf.remaining());
            buf.put_slice(&self.give(most));
            Ok(())
        })
    }
}

impl io::Read for Pieces {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let Poll::Ready(most) = self.next(None) else {
            unreachable!("only the asynchronous side waits");
        };
        let given = self.give(most?.min(buf.len()));
        buf[..given.len()].copy_from_slice(&given);
        Ok(given.len())
    }
}

impl AsyncWrite for Pieces {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.next(Some(cx)).map(|most| {
            let most = most?.min(buf.len());
            self.bytes.extend_from_slice(&buf[..most]);
            Ok(most)
        })
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        self.flushed = self.bytes.len();
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        self.shut = true;
        Poll::Ready(Ok(()))
    }
}

impl io::Write for Pieces {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let Poll::Ready(most) = self.next(None) else {
            unreachable!("only the asynchronous side waits");
        };
        let most = most?.min(buf.len());
        self.bytes.extend_from_slice(&buf[..most]);
        Ok(most)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn pieces(least: usize) -> impl Strategy<Value = Vec<Piece>> {
    // `Interrupted` is left out: std's adapters try again, an async source has no such
    // thing.
    let kind = prop_oneof![
        Just(ErrorKind::ConnectionReset),
        Just(ErrorKind::TimedOut),
        Just(ErrorKind::Other),
    ];
    let piece = prop_oneof![
        8 => (least..40_usize).prop_map(Piece::Some),
        4 => Just(Piece::Wait),
        1 => kind.prop_map(Piece::Fail),
    ];
    proptest::collection::vec(piece, 0..24)
}

fn bytes(most: usize) -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..most)
}

/// What can be compared of a result.
fn told<T>(result: io::Result<T>) -> Result<T, ErrorKind> {
    result.map_err(|error| error.kind())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn e15_read_to_end_gives_every_piece_up_to_the_end_or_the_error(
        pieces in pieces(1),
        bytes in bytes(600),
    ) {
        // std's asks for other sizes on the way, so it meets an error elsewhere.
        let mut reference = Pieces::new(&pieces, &bytes);
        let mut expected = b"before".to_vec();
        let end = loop {
            let mut room = [0; 1_000];
            match io::Read::read(&mut reference, &mut room) {
                Ok(0) => break Ok(expected.len() - 6),
                Ok(read) => expected.extend_from_slice(&room[..read]),
                Err(error) => break Err(error.kind()),
            }
        };
        let mut source = Pieces::new(&pieces, &bytes);
        let mut got = b"before".to_vec();
        let read = kettle::block_on(source.read_to_end(&mut got));
        prop_assert_eq!(told(read), end);
        prop_assert_eq!(got, expected, "what was read before an error stays");
    }

    #[test]
    fn e15_read_exact_is_stds(
        pieces in pieces(1),
        bytes in bytes(300),
        wanted in 0..400_usize,
    ) {
        let (mut ours, mut stds) = (vec![1; wanted], vec![1; wanted]);
        let mut source = Pieces::new(&pieces, &bytes);
        let read = kettle::block_on(source.read_exact(&mut ours));
        let mut reference = Pieces::new(&pieces, &bytes);
        let expected = io::Read::read_exact(&mut reference, &mut stds);
        prop_assert_eq!(told(read), told(expected.map(|()| wanted)));
        prop_assert_eq!(ours, stds);
        prop_assert_eq!(source.at, reference.at, "it reads no further than asked");
    }

    #[test]
    fn e15_write_all_is_stds(pieces in pieces(0), bytes in bytes(600)) {
        let mut sink = Pieces::new(&pieces, &[]);
        let written = kettle::block_on(sink.write_all(&bytes));
        let mut reference = Pieces::new(&pieces, &[]);
        let expected = io::Write::write_all(&mut reference, &bytes);
        prop_assert_eq!(told(written), told(expected));
        prop_assert_eq!(sink.bytes, reference.bytes);
    }

    #[test]
    fn e15_read_to_string_takes_utf_8_and_nothing_else(
        pieces in pieces(1),
        text in ".{0,80}",
        broken: bool,
    ) {
        let mut bytes = text.clone().into_bytes();
        if broken {
            bytes.push(0xff);
        }
        let fails = pieces.iter().any(|it| matches!(it, Piece::Fail(_)));
        let mut source = Pieces::new(&pieces, &bytes);
        let mut got = "before ".to_owned();
        match kettle::block_on(source.read_to_string(&mut got)) {
            Ok(read) => {
                prop_assert!(!broken);
                prop_assert_eq!(read, text.len());
                prop_assert_eq!(got, format!("before {text}"));
            }
            Err(error) => {
                let invalid = error.kind() == ErrorKind::InvalidData;
                let expected = if invalid { broken } else { fails };
                prop_assert!(expected, "{}", error);
                prop_assert_eq!(got, "before ", "it is as it was");
            }
        }
    }

    #[test]
    fn e15_a_read_gives_one_piece(pieces in pieces(1), bytes in bytes(60), room in 0..80_usize) {
        let mut source = Pieces::new(&pieces, &bytes);
        let mut buf = vec![0; room];
        let read = told(kettle::block_on(source.read(&mut buf)));
        let mut reference = Pieces::new(&pieces, &bytes);
        let mut expected = vec![0; room];
        prop_assert_eq!(read, told(io::Read::read(&mut reference, &mut expected)));
        prop_assert_eq!(buf, expected);
    }
}

#[test]
fn e15_an_empty_buffer_is_not_the_end() {
    let mut source = Pieces::new(&[], b"tea");
    kettle::block_on(async {
        assert_eq!(source.read(&mut []).await.unwrap(), 0);
        assert_eq!(source.read_exact(&mut []).await.unwrap(), 0);
        let mut all = Vec::new();
        assert_eq!(source.read_to_end(&mut all).await.unwrap(), 3);
        source.write_all(&[]).await.unwrap();
    });
}

#[test]
fn e15_an_early_end_and_a_full_sink_say_so() {
    let mut source = Pieces::new(&[], b"tea");
    let mut room = [0; 4];
    let error =
        kettle::block_on(source.read_exact(&mut room)).expect_err("too few");
    assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
    assert_eq!(error.to_string(), "the end came after 3 of 4 bytes");
    let mut sink = Pieces::new(&[Piece::Some(2), Piece::Some(0)], &[]);
    let error = kettle::block_on(sink.write_all(b"tea")).expect_err("it is full");
    assert_eq!(error.kind(), ErrorKind::WriteZero);
    assert_eq!(sink.bytes, b"te");
}

#[test]
fn e15_a_reader_that_panics_leaves_what_was_read() {
    struct Panics(u8);
    impl AsyncRead for Panics {
        fn poll_read(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            buf: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            buf.put_slice(b"half");
            self.0 += 1;
            assert!(self.0 < 3, "the reader panics");
            Poll::Ready(Ok(()))
        }
    }
    let mut got = Vec::new();
    let reading = AssertUnwindSafe(|| {
        kettle::block_on(Panics(0).read_to_end(&mut got)).map(drop)
    });
    assert!(catch_unwind(reading).is_err());
    assert_eq!(got, b"halfhalf", "no byte that nobody gave is shown");
}

#[test]
fn e15_a_cancelled_read_to_end_leaves_what_it_has_read() {
    let pieces = [Piece::Some(3), Piece::Wait, Piece::Some(2), Piece::Wait];
    let mut source = Pieces::new(&pieces, b"all the tea");
    let mut got = Vec::new();
    {
        let mut reading = Box::pin(source.read_to_end(&mut got));
        assert!(poll(reading.as_mut()).is_pending());
        assert!(poll(reading.as_mut()).is_pending());
    }
    assert_eq!(got, b"all t");
    kettle::block_on(source.read_to_end(&mut got)).unwrap();
    assert_eq!(got, b"all the tea");
}

#[test]
fn e15_a_cancelled_read_or_write_has_done_nothing() {
    let mut it = Pieces::new(&[Piece::Wait, Piece::Wait], b"tea");
    {
        let mut room = [0; 8];
        assert!(poll(Box::pin(it.read(&mut room)).as_mut()).is_pending());
    }
    assert_eq!(it.at, 0);
    assert!(poll(Box::pin(it.write(b"x")).as_mut()).is_pending());
    assert_eq!(it.bytes, b"tea");
}

#[test]
fn readers_and_writers_work_through_references_boxes_and_pins() {
    kettle::block_on(async {
        let mut room = [0; 2];
        let mut source: &[u8] = b"teapot";
        (&mut source).read_exact(&mut room).await.unwrap();
        let mut boxed: Box<dyn AsyncRead + Unpin> = Box::new(source);
        boxed.read_exact(&mut room).await.unwrap();
        assert_eq!(&room, b"ap");
        let mut pinned = Box::pin(boxed);
        pinned.read_exact(&mut room).await.unwrap();
        assert_eq!(&room, b"ot");
        assert_eq!(pinned.read(&mut room).await.unwrap(), 0);

        let mut sink = Pieces::new(&[], &[]);
        {
            let mut boxed: Box<dyn AsyncWrite + Unpin + '_> = Box::new(&mut sink);
            boxed.write_all(b"te").await.unwrap();
            let mut pinned = Pin::new(&mut boxed);
            pinned.write_all(b"a").await.unwrap();
            pinned.flush().await.unwrap();
            pinned.shutdown().await.unwrap();
        }
        assert_eq!(
            (&sink.bytes[..], sink.flushed, sink.shut),
            (&b"tea"[..], 3, true)
        );

        let mut vec = Vec::new();
        vec.write_all(b"into a vec").await.unwrap();
        vec.shutdown().await.unwrap();
        assert_eq!(vec, b"into a vec");
    });
}

#[test]
fn a_write_of_several_buffers_takes_the_first_that_is_not_empty() {
    let mut sink = Pieces::new(&[], &[]);
    let bufs = [&b""[..], b"tea", b"pot"].map(io::IoSlice::new);
    let written = kettle::block_on(std::future::poll_fn(|cx| {
        Pin::new(&mut sink).poll_write_vectored(cx, &bufs)
    }));
    assert_eq!(written.unwrap(), 3);
    assert!(!sink.is_write_vectored());
}
