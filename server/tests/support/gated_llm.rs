//! A model server whose answers begin at once and go on when the test says so.

use std::io;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

/// The server. It stops when it is dropped.
pub struct GatedLlm {
    port: u16,
    gate: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl GatedLlm {
    /// Whoever asks is answered `Half`, and, once the gate is open, ` done.` if the question has `finish` in it.
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let gate = watch::Sender::new(false);
        let open = gate.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, open.subscribe()));
            }
        });
        Self { port, gate, task }
    }

    /// The base address, as `OPENAI_PROXY_URL` would have it.
    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}/v1", self.port)
    }

    pub fn open_gate(&self) {
        self.gate.send_replace(true);
    }
}

impl Drop for GatedLlm {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn answer(mut stream: TcpStream, mut gate: watch::Receiver<bool>) -> io::Result<()> {
    let mut request = Vec::new();
    while !request.ends_with(b"}") && !request.starts_with(b"GET") {
        if stream.read_buf(&mut request).await? == 0 {
            return Ok(());
        }
    }
    if request.starts_with(b"GET") {
        return stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await;
    }
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
    let half = "data: {\"choices\":[{\"delta\":{\"content\":\"Half\"}}]}\n\n";
    stream.write_all([head, half].concat().as_bytes()).await?;
    let _ = gate.wait_for(|open| *open).await;
    if String::from_utf8_lossy(&request).contains("finish") {
        let rest =
            "data: {\"choices\":[{\"delta\":{\"content\":\" done.\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";
        return stream.write_all(rest.as_bytes()).await;
    }
    // Says nothing more until the client goes away.
    while stream.read_buf(&mut request).await? > 0 {}
    Ok(())
}
