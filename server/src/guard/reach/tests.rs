use super::*;
use reqwest::{Client, redirect::Policy};
use std::{
    collections::VecDeque,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// Says of names what a test tells it to: each answer once, the last one always.
struct Names(Mutex<VecDeque<Vec<IpAddr>>>);

impl Names {
    fn saying(answers: &[&[&str]]) -> Arc<Self> {
        let answer = |texts: &&[&str]| texts.iter().map(|text| text.parse().expect(text)).collect();
        Arc::new(Self(Mutex::new(answers.iter().map(answer).collect())))
    }
}

impl Lookup for Names {
    fn lookup(&self, _: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        let mut answers = self.0.lock().expect("answers");
        let answer = if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() };
        Box::pin(async move { answer.ok_or_else(|| io::Error::other("no such name")) })
    }
}

fn networks(texts: &[&str]) -> Vec<IpNet> {
    texts.iter().map(|text| text.parse().expect(text)).collect()
}

fn closed() -> Reach {
    Reach::new(&[])
}

#[test]
fn f02_addresses_inside_are_refused_until_their_network_is_opened() {
    let inside = [
        ("http://127.0.0.1:11434", "127.0.0.0/8"),
        ("http://[::1]:11434", "::1/128"),
        ("http://10.1.2.3/v1", "10.0.0.0/8"),
        ("http://172.31.255.255", "172.16.0.0/12"),
        ("http://192.168.1.20:8080/v1", "192.168.1.0/24"),
        ("http://100.64.0.1", "100.64.0.0/10"),
        ("http://[fd12:3456::1]", "fc00::/7"),
    ];
    for (address, network) in inside {
        assert_eq!(closed().read(address), Err(BadAddress::Inside), "{address}");
        assert!(Reach::new(&networks(&[network])).read(address).is_ok(), "{address}");
    }
    let other = Reach::new(&networks(&["10.0.0.0/8"]));
    assert_eq!(other.read("http://192.168.1.20"), Err(BadAddress::Inside));
    for address in ["https://api.mistral.ai/v1", "https://1.1.1.1/v1", "http://[2606:4700::1111]:8080"] {
        assert!(closed().read(address).is_ok(), "{address}");
    }
}

#[test]
fn f02_metadata_and_link_local_are_refused_whatever_is_open() {
    let everything = Reach::new(&networks(&["0.0.0.0/0", "::/0"]));
    for address in [
        "http://169.254.169.254/latest/meta-data/",
        "http://169.254.170.2",
        "http://168.63.129.16/machine",
        "http://100.100.100.200",
        "http://192.0.0.192",
        "http://0.0.0.0",
        "http://0.1.2.3",
        "http://224.0.0.1",
        "http://255.255.255.255",
        "http://[::]",
        "http://[fe80::1]",
        "http://[febf::1]",
        "http://[ff02::1]",
        "http://[fd00:ec2::254]",
        "http://[fd20:ce::254]",
    ] {
        assert_eq!(everything.read(address), Err(BadAddress::OffLimits), "{address}");
    }
    assert_eq!(everything.read("http://[fe80::1%25eth0]"), Err(BadAddress::Unreadable));
}

#[test]
fn f03_every_way_to_write_an_address_is_one_address() {
    let everything = Reach::new(&networks(&["0.0.0.0/0", "::/0"]));
    for address in [
        "http://2852039166",
        "http://0xa9fea9fe",
        "http://0xA9.0xFE.0xA9.0xFE",
        "http://0251.0376.0251.0376",
        "http://169.254.43518",
        "http://169.16689662",
        "http://169.254.169.254.",
        "http://%31%36%39.254.169.254",
        "http://①⑥⑨.②⑤④.①⑥⑨.②⑤④",
        "http://１６９。２５４。１６９。２５４",
        "http://[::ffff:169.254.169.254]",
        "http://[::ffff:a9fe:a9fe]",
        "http://[::169.254.169.254]",
        "http://[64:ff9b::169.254.169.254]",
        "http://[64:ff9b:1::a9fe:a9fe]",
        "http://[2002:a9fe:a9fe::]",
    ] {
        assert_eq!(everything.read(address), Err(BadAddress::OffLimits), "{address}");
    }
    for address in
        ["http://2130706433", "http://0x7f.1", "http://017700000001", "http://127.1", "http://[::ffff:127.0.0.1]"]
    {
        assert_eq!(closed().read(address), Err(BadAddress::Inside), "{address}");
        assert!(Reach::new(&networks(&["127.0.0.0/8"])).read(address).is_ok(), "{address}");
    }
    for address in ["http://[::127.0.0.1]", "http://[64:ff9b::7f00:1]", "http://[2002:7f00:1::]"] {
        assert_eq!(Reach::new(&networks(&["127.0.0.0/8"])).read(address), Err(BadAddress::Inside), "{address}");
    }
}

#[tokio::test]
async fn f03_names_count_for_what_they_stand_for() {
    for name in ["localhost.", "127.0.0.1.nip.io", "metadata.google.internal", "inside.example.com"] {
        for (stands_for, verdict) in [
            ("127.0.0.1", BadAddress::Inside),
            ("::1", BadAddress::Inside),
            ("10.0.0.1", BadAddress::Inside),
            ("::ffff:10.0.0.1", BadAddress::Inside),
            ("169.254.169.254", BadAddress::OffLimits),
            ("fe80::1", BadAddress::OffLimits),
        ] {
            let reach = Reach::with(&[], Names::saying(&[&[stands_for]]));
            let url = reach.read(&format!("https://{name}/v1")).expect("a name");
            assert_eq!(reach.look(&url).await, Err(verdict), "{name} {stands_for}");
            assert!(reach.resolve(name.parse().expect("a name")).await.is_err(), "{name} {stands_for}");
        }
        let reach = Reach::with(&[], Names::saying(&[&["93.184.215.14"]]));
        let url = reach.read(&format!("https://{name}/v1")).expect("a name");
        assert_eq!(reach.look(&url).await, Ok(()));
    }
    let localhost = closed().read("http://localhost:8080").expect("a name");
    assert_eq!(closed().look(&localhost).await, Err(BadAddress::Inside), "the system says so too");
}

#[tokio::test]
async fn a_name_that_nobody_knows_yet_may_be_saved() {
    let reach = Reach::with(&[], Names::saying(&[]));
    let url = reach.read("https://soon.example.com").expect("a name");
    assert_eq!(reach.look(&url).await, Ok(()));
    assert!(reach.resolve("soon.example.com".parse().expect("a name")).await.is_err());
}

/// Answers every request, and counts them.
async fn server(ip: &str, port: u16, answer: &'static str) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind((ip, port)).await.expect("a free port");
    let (port, asked) = (listener.local_addr().expect("an address").port(), Arc::<AtomicUsize>::default());
    let counting = asked.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counting.fetch_add(1, Ordering::SeqCst);
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    (port, asked)
}

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";

fn client(reach: Reach) -> Client {
    let builder = Client::builder().redirect(Policy::none()).no_proxy().dns_resolver(Arc::new(reach));
    builder.build().expect("a client")
}

#[tokio::test]
async fn f05_a_name_that_changes_its_mind_leads_nowhere_else() {
    let (port, open) = server("127.0.0.1", 0, OK).await;
    let (_, hidden) = server("127.0.0.2", port, OK).await;
    let names = Names::saying(&[&["127.0.0.1"], &["127.0.0.2"]]);
    let client = client(Reach::with(&networks(&["127.0.0.1/32"]), names));
    let url = format!("http://rebound.example.com:{port}/");
    assert!(client.get(&url).send().await.is_ok());
    assert!(client.get(&url).send().await.is_err(), "it stands for something else now");
    assert_eq!((open.load(Ordering::SeqCst), hidden.load(Ordering::SeqCst)), (1, 0));
}

#[tokio::test]
async fn f05_of_mixed_answers_only_what_is_open_is_asked() {
    let (port, open) = server("127.0.0.1", 0, OK).await;
    let (_, hidden) = server("127.0.0.2", port, OK).await;
    let names = Names::saying(&[&["127.0.0.2", "169.254.169.254", "127.0.0.1"]]);
    let reach = Reach::with(&networks(&["127.0.0.1/32"]), names);
    let url = reach.read(&format!("http://mixed.example.com:{port}/")).expect("a name");
    assert_eq!(reach.look(&url).await, Ok(()));
    for _ in 0..3 {
        assert!(client(reach.clone()).get(url.clone()).send().await.is_ok());
    }
    assert_eq!((open.load(Ordering::SeqCst), hidden.load(Ordering::SeqCst)), (3, 0));
}

#[test]
fn f06_what_parsers_might_read_differently_is_refused() {
    for (address, verdict) in [
        (r"http://a\@b.example.com", BadAddress::Unreadable),
        (r"http:\\a.example.com", BadAddress::Unreadable),
        ("http://a.example.com\t.evil.example", BadAddress::Unreadable),
        ("ht\ntp://a.example.com", BadAddress::Unreadable),
        ("http://a.example.com /v1", BadAddress::Unreadable),
        ("http://a%00b.example.com", BadAddress::Unreadable),
        ("http://a%0d%0ab.example.com", BadAddress::Unreadable),
        ("http://", BadAddress::Unreadable),
        ("", BadAddress::Unreadable),
        ("//a.example.com", BadAddress::Unreadable),
        ("http://a.example.com#@b.example.com", BadAddress::Extra),
        ("http://a.example.com?@b.example.com", BadAddress::Extra),
        ("http://a.example.com/v1?key=secret", BadAddress::Extra),
        ("http://user@a.example.com", BadAddress::UserInfo),
        ("http://:password@a.example.com", BadAddress::UserInfo),
        ("http://1.1.1.1:80@127.0.0.1", BadAddress::UserInfo),
    ] {
        assert_eq!(closed().read(address), Err(verdict), "{address}");
    }
    assert_eq!(closed().read(&format!("https://a.example.com/{}", "a".repeat(500))), Err(BadAddress::Unreadable));
}

#[test]
fn f07_other_schemes_and_the_ports_of_other_services_are_refused() {
    for address in [
        "file:///etc/passwd",
        "gopher://a.example.com",
        "ftp://a.example.com",
        "unix:/run/docker.sock",
        "ws://a.example.com",
        "data:text/plain,x",
        "localhost:11434",
    ] {
        assert_eq!(closed().read(address), Err(BadAddress::Scheme), "{address}");
    }
    for port in [22, 25, 53, 110, 143, 465, 587, 6667] {
        assert_eq!(closed().read(&format!("http://a.example.com:{port}")), Err(BadAddress::Port(port)));
    }
    for port in [80, 443, 1234, 3000, 5000, 8000, 8080, 11434] {
        assert!(closed().read(&format!("http://a.example.com:{port}")).is_ok(), "{port}");
    }
}
