//! The text of the servers: accepting once for all sides, echoing once for those that
//! wait for readiness and once for those that hand their buffer over.

macro_rules! accept {
    () => {
        use std::io;
        use std::net::SocketAddr;
        use std::sync::mpsc::Sender;

        use crate::cpu;
        use crate::echo::BUFFER;

        fn serve(connections: usize, told: Sender<SocketAddr>) -> io::Result<()> {
            cpu::pin_measured();
            let mut runtime = side::Runtime::build()?;
            runtime.block_on(async move {
                side::join(side::spawn(accept(connections, told))).await
            })
        }

        async fn accept(
            connections: usize,
            told: Sender<SocketAddr>,
        ) -> io::Result<()> {
            let listener = side::listen().await?;
            told.send(side::address(&listener)?)
                .expect("the client waits for it");
            let mut echoes = Vec::with_capacity(connections);
            for _ in 0..connections {
                let stream = side::accept(&listener).await?;
                echoes.push(side::spawn(echo(stream)));
            }
            for echo in echoes {
                side::join(echo).await?;
            }
            Ok(())
        }
    };
}

macro_rules! echo_by_readiness {
    () => {
        use side::{AsyncReadExt, AsyncWriteExt};

        async fn echo(mut stream: side::TcpStream) -> io::Result<()> {
            let mut buffer = [0; BUFFER];
            loop {
                let read = stream.read(&mut buffer).await?;
                if read == 0 {
                    return Ok(());
                }
                stream.write_all(&buffer[..read]).await?;
            }
        }
    };
}

#[cfg(all(feature = "peers", target_os = "linux"))]
macro_rules! echo_by_completion {
    () => {
        async fn echo(mut stream: side::TcpStream) -> io::Result<()> {
            let mut buffer = Vec::with_capacity(BUFFER);
            loop {
                let (read, filled) = side::read(&mut stream, buffer).await;
                if read? == 0 {
                    return Ok(());
                }
                let (written, emptied) = side::write_all(&mut stream, filled).await;
                written?;
                buffer = emptied;
                buffer.clear();
            }
        }
    };
}
