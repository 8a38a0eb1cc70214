//! What is too much, and too slow (catalogue rows H01, H02, H06, H07, H14).

use crate::support::{Browser, TestApp};
use axum::{
    body::Body,
    http::{Method, header},
};
use chat::{Prompt, SendKey, ports::Sent};
use server::{
    http::client::TrustedProxies,
    listen::{self, Limits},
    router,
};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    time::timeout,
};
use uuid::Uuid;

/// Every address that takes a body, and some that don't.
fn addresses() -> Vec<&'static str> {
    let plain = ["/", "/signin", "/c/x", "/health", "/pkg/x", "/api/auth/callback/authentik", "/api/nothing"];
    let logout = ["/api/auth/backchannel-logout/authentik"];
    server_fn::axum::server_fn_paths().map(|(path, _)| path).chain(plain).chain(logout).collect()
}

#[tokio::test]
async fn h01_a_hundred_megabytes_are_refused_everywhere_before_they_are_read() {
    let app = TestApp::start().await;
    let signed_in = app.signed_in("Ada").await;
    for (mut browser, who) in [(app.browser(), "nobody"), (signed_in, "Ada")] {
        for path in addresses() {
            let form = "application/x-www-form-urlencoded";
            let request = browser.request(Method::POST, path).header(header::CONTENT_TYPE, form);
            let request = request.header(header::CONTENT_LENGTH, 100_000_000);
            // Whoever reads this body fails the test.
            let body = Body::from_stream(futures::stream::once(async {
                panic!("it is read");
                #[allow(unreachable_code, reason = "the type of the stream")]
                Ok::<Vec<u8>, std::io::Error>(Vec::new())
            }));
            let reply = browser.send(request.body(body).unwrap()).await;
            assert_eq!(reply.status, 413, "{who} {path}: {}", reply.text);
        }
    }
}

#[tokio::test]
async fn h01_a_body_without_end_is_cut_and_a_packed_one_is_not_unpacked() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("Ada").await;
    for path in addresses() {
        let endless = futures::stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b'='; 65_536]));
        let request =
            browser.request(Method::POST, path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let reply = browser.send(request.body(Body::from_stream(endless)).unwrap()).await;
        assert!(
            reply.status < 500 && reply.status != 200 || path.starts_with("/api/auth/"),
            "{path}: {}",
            reply.status
        );
    }
    // A gzip bomb would begin like this.
    let packed = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    let request = browser.request(Method::POST, "/api/turns/send").header(header::CONTENT_ENCODING, "gzip");
    let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let reply = browser.send(request.body(Body::from(packed.to_vec())).unwrap()).await;
    assert_eq!(reply.status, 422, "{}", reply.text);
}

#[tokio::test]
async fn h02_a_message_of_any_length_is_taken_or_refused_with_its_limit() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("Ada").await;
    let cases = [
        ("x".to_owned(), 200, ""),
        (String::new(), 422, "Write something first."),
        (" \n\t ".to_owned(), 422, "Write something first."),
        ("x".repeat(Prompt::MAX_BYTES), 200, ""),
        ("x".repeat(Prompt::MAX_BYTES + 1), 422, "longer than 200 kB"),
        ("x".repeat(900_000), 422, "longer than 200 kB"),
        ("x".repeat(10_000_000), 422, ""),
    ];
    for (n, (text, status, words)) in cases.iter().enumerate() {
        let key = SendKey(Uuid::from_u128(n as u128 + 1)).to_string();
        let reply = browser.call("/api/turns/send", &[("key", &key), ("text", text)]).await;
        assert_eq!(reply.status, *status, "{} bytes: {:.200}", text.len(), reply.text);
        assert!(reply.text.contains(words), "{} bytes: {:.200}", text.len(), reply.text);
    }
}

#[tokio::test]
async fn h06_odd_json_and_odd_types_are_refused_and_the_server_lives() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("Ada").await;
    let deep = [b"[".repeat(100_000), b"]".repeat(100_000)].concat();
    let nested = "key[".repeat(20_000) + "=1";
    let bodies: [&[u8]; 9] = [
        &deep,
        nested.as_bytes(),
        br#"{"key":1,"key":2,"text":{"a":[]}}"#,
        br#"{"text":1e400,"key":-0,"model":18446744073709551616}"#,
        br#"{"text":"\ud800","key":"\u0000"}"#,
        b"key=a&key=b&text=c&text=d",
        b"text=\0&key=\0&id=\0&conversation=\0&turn=\0&message=\0",
        b"key=1e400&text=-0&id=null&turn=[]&message={}",
        b"text=%ED%A0%80&id=%C0%AF&turn=%FF",
    ];
    for (path, _) in server_fn::axum::server_fn_paths() {
        if path == "/api/auth/signout" {
            continue;
        }
        for body in bodies {
            for content_type in ["application/x-www-form-urlencoded", "application/json", "application/cbor"] {
                let request = browser.request(Method::POST, path).header(header::CONTENT_TYPE, content_type);
                let reply = browser.send(request.body(Body::from(body.to_vec())).unwrap()).await;
                let fine = reply.status < 500;
                assert!(fine, "{path} {content_type} {:.40?}: {} {}", body, reply.status, reply.text);
            }
        }
    }
    assert_eq!(browser.get("/").await.status, 200);
}

/// A server behind real sockets, with small limits.
async fn listening(app: &TestApp, limits: Limits) -> (SocketAddr, oneshot::Sender<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let stopped = async {
        let _ = stopped.await;
    };
    // Nobody is a trusted proxy.
    tokio::spawn(listen::serve(
        listener,
        router(app.state.clone()),
        TrustedProxies(Vec::new().into()),
        limits,
        stopped,
    ));
    (address, stop)
}

/// What a connection is told until it is closed.
async fn told(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let read = timeout(Duration::from_secs(20), stream.read_to_end(&mut bytes)).await;
    let _ = read.expect("the connection is closed");
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn h07_slow_and_silent_connections_are_closed_and_others_are_served() {
    let app = TestApp::start().await;
    let limits = Limits { head: Duration::from_millis(300), per_address: 8, ..Limits::default() };
    let (address, stop) = listening(&app, limits).await;
    let mut idle = Vec::new();
    for n in 0..8 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        // Half of them begin to say something.
        if n % 2 == 0 {
            stream.write_all(b"GET /health HTTP/1.1\r\nhost: x\r\nx-slow: ").await.unwrap();
        }
        idle.push(stream);
    }
    let mut refused = TcpStream::connect(address).await.unwrap();
    let _ = refused.write_all(b"GET /health HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert_eq!(told(&mut refused).await, "", "one address has no more than its share");
    for stream in &mut idle {
        let said = told(stream).await;
        assert!(!said.contains("200"), "{said}");
    }
    let mut served = TcpStream::connect(address).await.unwrap();
    served.write_all(b"GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    assert!(told(&mut served).await.starts_with("HTTP/1.1 200 OK\r\n"), "when they are gone there is room");
    stop.send(()).unwrap();
}

#[tokio::test]
async fn h07_watchers_that_never_read_hold_little_and_slow_nobody() {
    let app = TestApp::start().await;
    let mut browser = app.signed_in("Ada").await;
    let (address, _stop) = listening(&app, Limits::default()).await;
    let key = SendKey(Uuid::from_u128(1)).to_string();
    let sent: Sent = browser.call("/api/turns/send", &[("key", &key), ("text", "Go on")]).await.json();
    let ask = app.models.next().await;
    let cookies: Vec<String> = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let head = format!(
        "GET /api/turns/{}/events?after=0 HTTP/1.1\r\nhost: x\r\ncookie: {}\r\n\r\n",
        sent.turn.id,
        cookies.join("; ")
    );
    let mut deaf = Vec::new();
    for _ in 0..100 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        deaf.push(stream);
    }
    // Far more than any socket holds.
    for _ in 0..20_000 {
        ask.text(&"word ".repeat(20));
    }
    ask.end();
    let mut reader = browser.watch(&format!("/api/turns/{}/events?after=0", sent.turn.id)).await;
    let last = reader.rest().await.pop().expect("events");
    assert_eq!(last.name, "end", "the turn ended though nobody else read");
    assert_eq!(browser.get("/").await.status, 200);
}

#[tokio::test]
async fn h09_a_user_has_so_many_streams_and_not_more() {
    let app = TestApp::start().await;
    let (mut browser, mut other) = (app.signed_in("Ada").await, app.signed_in("Eve").await);
    let send = async |browser: &mut Browser, n| -> Sent {
        let key = SendKey(Uuid::from_u128(n)).to_string();
        browser.call("/api/turns/send", &[("key", &key), ("text", "Go on")]).await.json()
    };
    let sent = send(&mut browser, 1).await;
    let path = format!("/api/turns/{}/events?after=0", sent.turn.id);
    let mut open = Vec::new();
    let refused = loop {
        let events = browser.watch(&path).await;
        if events.status != 200 {
            break events.status;
        }
        open.push(events);
        assert!(open.len() <= 1_000, "there is a limit");
    };
    assert_eq!(refused, 429);
    assert!(open.len() >= 100, "a hundred tabs are fine: {}", open.len());
    let others = send(&mut other, 2).await;
    assert_eq!(
        other.watch(&format!("/api/turns/{}/events", others.turn.id)).await.status,
        200,
        "others are not touched"
    );
    open.pop();
    assert_eq!(browser.watch(&path).await.status, 200, "a closed tab makes room");
}

/// Turns one after another, half of them stopped.
#[tokio::test]
#[ignore = "takes minutes"]
async fn h14_ten_thousand_turns_leave_nothing_behind() {
    const TURNS: u128 = 10_000;
    const AT_ONCE: u128 = 50;
    let app = TestApp::with(&[("CONFAB_TURNS_PER_USER", "64")]).await;
    let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    let mut browser = app.signed_in("Ada").await;
    let mut after_warm_up = (0, 0);
    for round in 0..TURNS / AT_ONCE {
        let mut sent: Vec<Sent> = Vec::new();
        for n in 0..AT_ONCE {
            let key = SendKey(Uuid::from_u128(round * AT_ONCE + n + 1)).to_string();
            sent.push(browser.call("/api/turns/send", &[("key", &key), ("text", "Go on")]).await.json());
        }
        for (n, sent) in sent.iter().enumerate() {
            let ask = app.models.next().await;
            let mut events = browser.watch(&format!("/api/turns/{}/events?after=0", sent.turn.id)).await;
            ask.text(&"word ".repeat(1_000));
            if n % 2 == 0 {
                ask.end();
                events.rest().await;
            } else {
                drop(events);
                browser.call("/api/turns/stop", &[("turn", &sent.turn.id.to_string())]).await;
            }
        }
        app.runner.idle().await;
        match round {
            20 => after_warm_up = (tasks(), resident_kb()),
            _ if round > 20 => {
                let (before, _) = after_warm_up;
                assert!(tasks() <= before + 2, "round {round}: {} tasks, {before} before", tasks());
            }
            _ => {}
        }
    }
    let (_, before) = after_warm_up;
    let now = resident_kb();
    println!("{TURNS} turns: {before} kB after a tenth of them, {now} kB at the end");
    assert!(now < before + 24_000, "{before} kB grew to {now} kB");
}

/// Memory of this process.
fn resident_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
