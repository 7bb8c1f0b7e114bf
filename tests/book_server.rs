//! What the book's server answers, to friends and to others.
//!
//! Raw sockets on one side, the server with hyper and Kettle's reactor on the other. The
//! pages are a handful of files in a temporary folder; the book itself is read in
//! `book_browser.rs`.

#[allow(dead_code, reason = "there are two ways in, and one is enough here")]
#[path = "common/alone.rs"]
mod alone;
#[path = "common/client.rs"]
mod client;
#[path = "common/serving.rs"]
mod serving;

use alone::alone_after;
use client::{Client, get, raw};
use kettle_lab::server::{Limits, Server, watch};
use serving::Serving;
use std::fs;
use std::io::{self, Read, Seek};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const PAGE: &str = "<!DOCTYPE html><html><head><script>hello()</script></head>\
    <body>the front page</body></html>";
const MISSING: &str = "<html><head></head><body>no such chapter</body></html>";
const SCRIPT: &str = "console.log('</head>')"; // looks like a page's end, and is none

/// Sixteen megabytes, more than the buffers of two sockets hold, and no two neighbouring
/// kilobytes alike.
fn big() -> Vec<u8> {
    let run: Vec<u8> = (0..=250).collect();
    run.repeat(16 * 1024 * 1024 / run.len())
}

/// A few built pages in `book/`, and beside them a file that is nobody's business.
fn pages() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let book = folder.path().join("book");
    fs::create_dir_all(book.join("part/one two")).expect("folders");
    for (name, bytes) in [
        ("index.html", PAGE.as_bytes()),
        ("404.html", MISSING.as_bytes()),
        ("part/index.html", PAGE.as_bytes()),
        ("part/one two/index.html", PAGE.as_bytes()),
        ("whistle.js", SCRIPT.as_bytes()),
        ("toc.html", PAGE.as_bytes()),
        ("big.bin", &big()),
        ("../secret.txt", b"SECRET"),
    ] {
        fs::write(book.join(name), bytes).expect("a file");
    }
    (folder, book)
}

/// A server of those pages. The folder goes at once: they are in memory.
fn serving_with(limits: Limits) -> Serving {
    let (_folder, book) = pages();
    Serving::start(&book, limits)
}

fn serving() -> Serving {
    serving_with(Limits::default())
}

fn short(moment: Duration) -> Limits {
    Limits {
        head: moment,
        unread: moment,
        ..Limits::default()
    }
}

/// Waits until `count` connections are open. Only a leak takes a minute.
#[track_caller]
fn wait_for_connections(serving: &Serving, count: usize) {
    let end = Instant::now() + Duration::from_secs(60);
    while serving.handle.connections() != count {
        let open = serving.handle.connections();
        assert!(
            Instant::now() < end,
            "{open} connections are open, not {count}"
        );
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_page_comes_with_its_headers_and_only_its_own_scripts_may_run() {
    let serving = serving();
    let page = get(serving.address, "/?highlight=kettle#here");
    assert_eq!(page.status, 200);
    assert!(page.text().contains("the front page"), "{}", page.text());
    assert_eq!(
        page.header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert_eq!(page.header("cache-control"), Some("no-store"));
    let policy = page.header("content-security-policy").expect("a policy");
    // printf 'hello()' | openssl dgst -sha256 -binary | base64
    let hash = "'sha256-mTytrf2QssaOZNGNRT1WCtMRd3ocH8LJxQQu5qMUanU='";
    assert!(
        policy.contains(&format!("script-src 'self' {hash};")),
        "{policy}"
    );
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(policy.contains("default-src 'none'"), "{policy}");

    let toc = get(serving.address, "/toc.html");
    let policy = toc.header("content-security-policy").expect("a policy");
    assert!(policy.contains("frame-ancestors 'self'"), "{policy}");
}

#[test]
fn every_answer_keeps_other_sites_out() {
    let serving = serving();
    for target in ["/", "/whistle.js", "/nowhere", "/part", "/-/reload.js"] {
        let answer = get(serving.address, target);
        assert_closed_to_others(&answer, target);
    }
    let refused = raw(serving.address, "POST / HTTP/1.1\r\nHost: HOST\r\n\r\n");
    assert_closed_to_others(&refused, "POST");
    let refused = raw(
        serving.address,
        "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    );
    assert_closed_to_others(&refused, "evil.example");
}

#[track_caller]
fn assert_closed_to_others(answer: &client::Answer, what: &str) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("cross-origin-resource-policy", "same-origin"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name} of {what}");
    }
    assert!(answer.header("content-security-policy").is_some(), "{what}");
    assert_eq!(answer.header("access-control-allow-origin"), None, "{what}");
}

#[test]
fn the_token_stands_in_pages_and_nowhere_else() {
    let (_folder, book) = pages();
    let [server, other] =
        [(); 2].map(|()| Server::bind(&book, 0).expect("a server"));
    let token = server.token().to_owned();
    assert_eq!(token.len(), 32, "128 bits");
    assert_ne!(token, other.token(), "another start, another token");
    let serving = Serving::run(server);
    for (target, has_it) in [
        ("/", true),
        ("/nowhere", true), // the book's own page for this
        ("/whistle.js", false),
        ("/-/reload.js", false),
    ] {
        let answer = get(serving.address, target);
        let answer = format!("{}{}", answer.head, answer.text());
        assert_eq!(answer.contains(&token), has_it, "{target}");
    }
}

#[test]
fn a_request_for_another_host_is_misdirected() {
    let serving = serving();
    let port = serving.address.port();
    for head in [
        "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n".to_owned(),
        format!("GET / HTTP/1.1\r\nHost: evil.example:{port}\r\n\r\n"),
        "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".to_owned(),
        format!("GET / HTTP/1.1\r\nHost: 127.0.0.1.evil.example:{port}\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nHost: [::1]:{port}\r\n\r\n"),
        "GET / HTTP/1.1\r\nHost: HOST\r\nHost: evil.example\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\nHost:\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\n\r\n".to_owned(),
        "GET / HTTP/1.0\r\n\r\n".to_owned(),
        "GET http://evil.example/ HTTP/1.1\r\nHost: HOST\r\n\r\n".to_owned(),
        "GET http://HOST/ HTTP/1.1\r\nHost: evil.example\r\n\r\n".to_owned(),
        "GET http://HOST@evil.example/ HTTP/1.1\r\nHost: HOST\r\n\r\n".to_owned(),
    ] {
        let answer = raw(serving.address, &head);
        assert_eq!(answer.status, 421, "{head}");
        assert!(answer.text().contains("no other name"), "{}", answer.text());
    }
    let answer = raw(
        serving.address,
        &format!("GET / HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n"),
    );
    assert_eq!(answer.status, 200);
    let whole = "GET http://HOST/whistle.js HTTP/1.1\r\nHost: HOST\r\n\r\n";
    assert_eq!(raw(serving.address, whole).text(), SCRIPT);
}

#[test]
fn another_sites_page_may_link_here_but_not_load_from_here() {
    let serving = serving();
    let ask = |site: &str, mode: &str, dest: &str| {
        let head = format!(
            "GET / HTTP/1.1\r\nHost: HOST\r\nSec-Fetch-Site: {site}\r\n\
             Sec-Fetch-Mode: {mode}\r\nSec-Fetch-Dest: {dest}\r\n\r\n"
        );
        raw(serving.address, &head).status
    };
    assert_eq!(ask("same-origin", "cors", "empty"), 200);
    assert_eq!(ask("cross-site", "navigate", "document"), 200);
    assert_eq!(ask("cross-site", "no-cors", "script"), 403);
    assert_eq!(
        ask("same-site", "cors", "empty"),
        403,
        "another port of loopback"
    );
    assert_eq!(ask("cross-site", "navigate", "iframe"), 403);
}

#[test]
fn no_path_leads_out_of_the_book() {
    let (_folder, book) = pages();
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        symlink("../secret.txt", book.join("link.txt")).expect("a link");
        symlink("..", book.join("up")).expect("a link");
    }
    let serving = Serving::start(&book, Limits::default());
    for target in [
        "/../secret.txt",
        "/../../../../../../etc/passwd",
        "/part/../../secret.txt",
        "/part/../index.html",
        "/%2e%2e/secret.txt",
        "/%2E%2E/secret.txt",
        "/.%2e/secret.txt",
        "/..%2fsecret.txt",
        "/..%2Fsecret.txt",
        "/%2e%2e%2fsecret.txt",
        "/..%5csecret.txt",
        "/..\\secret.txt",
        "/%252e%252e/secret.txt",
        "/%252e%252e%252fsecret.txt",
        "/%c0%ae%c0%ae/secret.txt",
        "/%e0%80%ae%e0%80%ae/secret.txt",
        "/..;/secret.txt",
        "/./../secret.txt",
        "//secret.txt",
        "/%2fetc/passwd",
        "//etc/passwd",
        "/file:///etc/passwd",
        "/index.html%00.txt",
        "/index.html/",
        "/part%2findex.html",
        "/part//index.html",
        "/link.txt",
        "/up/secret.txt",
        "/up/",
        "/%zz",
        "/%",
    ] {
        let answer = get(serving.address, target);
        assert_eq!(answer.status, 404, "{target}: {}", answer.text());
        assert!(answer.text().contains("no such chapter"), "{target}");
        assert!(!answer.text().contains("SECRET"), "{target}");
    }
}

#[test]
fn a_folder_leads_to_its_index_with_a_slash() {
    let serving = serving();
    for (target, to) in [
        ("/part", "/part/"),
        ("/part/one%20two", "/part/one%20two/"),
        ("/%70art", "/part/"),
        ("/part?x=//evil.example", "/part/"),
    ] {
        let answer = get(serving.address, target);
        assert_eq!(answer.status, 307, "{target}");
        assert_eq!(answer.header("location"), Some(to), "{target}");
        assert_eq!(get(serving.address, to).status, 200, "{to}");
    }
}

#[test]
fn only_get_and_head_are_answered_and_bodies_are_not_read() {
    let serving = serving();
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"] {
        let request = format!("{method} / HTTP/1.1\r\nHost: HOST\r\n\r\n");
        let answer = raw(serving.address, &request);
        assert_eq!(answer.status, 405, "{method}");
        assert_eq!(answer.header("allow"), Some("GET, HEAD"), "{method}");
    }
    for head in [
        "GET / HTTP/1.1\r\nHost: HOST\r\nContent-Length: 5\r\n\r\nhello",
        "GET / HTTP/1.1\r\nHost: HOST\r\nContent-Length: 99999999999\r\n\r\nhello",
        "GET / HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ] {
        let mut client = Client::connect(serving.address);
        client.send(&head.replace("HOST", &serving.address.to_string()));
        let answer = client.answer();
        assert_eq!(answer.status, 413, "{head}");
        assert_eq!(answer.header("connection"), Some("close"), "{head}");
        assert!(
            client.is_closed(),
            "what follows must not pass for a request"
        );
    }
}

#[test]
fn what_is_no_http_is_told_so_and_closed() {
    let serving = serving();
    for request in [
        "hello\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "GET / HTTP/1.1\r\nHo st: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: HOST\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "\u{16}\u{3}\u{1}\u{2}\u{0}\r\n\r\n", // the beginning of TLS
    ] {
        let mut client = Client::connect(serving.address);
        client.send(&request.replace("HOST", &serving.address.to_string()));
        assert_eq!(client.answer().status, 400, "{request}");
        assert!(client.is_closed(), "{request}");
    }
}

#[test]
fn a_head_too_large_is_refused() {
    let serving = serving();
    let long = format!(
        "GET / HTTP/1.1\r\nHost: HOST\r\nX: {}\r\n\r\n",
        "x".repeat(40_000)
    );
    let path =
        format!("GET /{} HTTP/1.1\r\nHost: HOST\r\n\r\n", "x".repeat(40_000));
    let many = format!(
        "GET / HTTP/1.1\r\nHost: HOST\r\n{}\r\n",
        "X: y\r\n".repeat(500)
    );
    for request in [long, path, many] {
        let mut client = Client::connect(serving.address);
        let request = request.replace("HOST", &serving.address.to_string());
        let _ = client.try_send(request.as_bytes()); // it may be cut off on the way
        let status = client.answer().status;
        assert!([414, 431].contains(&status), "{status}: {}", &request[..60]);
    }
    assert_eq!(
        get(serving.address, "/").status,
        200,
        "and the next one is served"
    );
}

#[test]
fn head_is_get_without_the_body() {
    let serving = serving();
    let mut client = Client::connect(serving.address);
    for target in ["/", "/nowhere", "/part", "/big.bin"] {
        client.ask("HEAD", target);
        let head = client.answer_to_head();
        let get = get(serving.address, target);
        assert_eq!(head.status, get.status, "{target}");
        for name in ["content-length", "content-type", "content-security-policy"] {
            assert_eq!(head.header(name), get.header(name), "{name} of {target}");
        }
    }
    // Had a body come, it would stand where this answer is looked for.
    client.ask("GET", "/whistle.js");
    assert_eq!(client.answer().text(), SCRIPT);
}

#[test]
fn one_connection_carries_many_requests_and_answers_in_order() {
    let serving = serving();
    let mut client = Client::connect(serving.address);
    let targets = ["/whistle.js", "/nowhere", "/", "/big.bin", "/whistle.js"];
    for target in targets {
        client.ask("GET", target); // all are sent before the first is read
    }
    let answers: Vec<_> = targets.iter().map(|_| client.answer()).collect();
    let statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, [200, 404, 200, 200, 200]);
    assert_eq!(answers[3].body.len(), big().len());
    assert_eq!(answers[4].text(), SCRIPT);
    assert_eq!(serving.handle.connections(), 1);
}

#[test]
fn two_hundred_clients_at_once_all_get_what_they_asked_for() {
    let serving = serving();
    let address = serving.address;
    let page = get(address, "/").text();
    thread::scope(|scope| {
        for number in 0..200 {
            let page = &page;
            scope.spawn(move || {
                let mut client = Client::connect(address);
                for round in 0..5 {
                    let (target, expected) = match (number + round) % 3 {
                        0 => ("/", page.as_str()),
                        1 => ("/whistle.js", SCRIPT),
                        _ => ("/part/", page.as_str()),
                    };
                    client.ask("GET", target);
                    let answer = client.answer();
                    assert_eq!(answer.status, 200, "client {number}");
                    assert_eq!(answer.text(), expected, "client {number}");
                }
            });
        }
    });
    wait_for_connections(&serving, 0);
}

#[test]
fn a_large_file_arrives_whole_at_several_readers() {
    let serving = serving();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                assert!(get(serving.address, "/big.bin").body == big());
            });
        }
    });
}

#[test]
fn a_client_that_hangs_up_harms_nobody() {
    let serving = serving();
    let mut witness = Client::connect(serving.address);
    for round in 0..60 {
        let mut client = Client::connect(serving.address);
        match round % 4 {
            0 => {}
            1 => client.send("GET / HT"),
            2 => client.ask("GET", "/big.bin"), // and leaves without reading it
            _ => {
                client.ask("GET", "/big.bin");
                client.answer_to_head(); // leaves in the middle
            }
        }
        drop(client);
        witness.ask("GET", "/whistle.js");
        assert_eq!(witness.answer().text(), SCRIPT, "round {round}");
    }
    drop(witness);
    wait_for_connections(&serving, 0);
}

#[test]
fn a_client_that_sends_a_byte_now_and_then_is_cut_off() {
    let serving = serving_with(short(Duration::from_millis(500)));
    let mut slow = Client::connect(serving.address);
    slow.send("GET / HTTP/1.1\r\nX-Patience: ");
    let end = Instant::now() + Duration::from_secs(60);
    let mut sent = 0;
    while !slow.hears_within(Duration::from_millis(50)) {
        assert!(Instant::now() < end, "still there after {sent} bytes");
        assert_eq!(
            get(serving.address, "/whistle.js").text(),
            SCRIPT,
            "others are served"
        );
        if slow.try_send(b"x").is_err() {
            break;
        }
        sent += 1;
    }
    assert!(sent > 0, "it was not cut off at once");
    assert!(slow.is_closed(), "no answer, just the end");
    wait_for_connections(&serving, 0);
}

#[test]
fn a_connection_on_which_nothing_is_asked_ends() {
    let serving = serving_with(short(Duration::from_millis(200)));
    let mut silent = Client::connect(serving.address);
    assert!(silent.is_closed());
    let mut content = Client::connect(serving.address);
    content.ask("GET", "/whistle.js");
    assert_eq!(content.answer().text(), SCRIPT);
    assert!(content.is_closed());
}

#[test]
fn a_client_that_does_not_read_its_answer_is_cut_off() {
    let serving = serving_with(short(Duration::from_millis(300)));
    let mut deaf = Client::connect(serving.address);
    deaf.ask("GET", "/big.bin");
    deaf.answer_to_head();
    wait_for_connections(&serving, 0);
    drop(deaf); // it kept its end open all the time
}

#[test]
fn more_connections_than_the_limit_wait_for_a_place() {
    let serving = serving_with(Limits {
        connections: 4,
        ..Limits::default()
    });
    let mut first: Vec<_> =
        (0..4).map(|_| Client::connect(serving.address)).collect();
    wait_for_connections(&serving, 4);
    let mut fifth = Client::connect(serving.address);
    fifth.ask("GET", "/whistle.js");
    assert!(
        !fifth.hears_within(Duration::from_millis(100)),
        "served over the limit"
    );
    assert_eq!(serving.handle.connections(), 4);
    first.pop();
    assert_eq!(fifth.answer().text(), SCRIPT);
}

#[test]
fn more_event_streams_than_the_limit_are_refused() {
    let serving = serving_with(Limits {
        streams: 2,
        ..Limits::default()
    });
    let mut streams: Vec<_> = (0..2).map(|_| events(&serving)).collect();
    let third = get(serving.address, "/-/events");
    assert_eq!(third.status, 503, "{}", third.text());
    streams.pop();
    wait_for_connections(&serving, 1);
    drop(events(&serving)); // the place is free again
    drop(streams);
}

/// Opens an event stream and waits for its first two events.
fn events(serving: &Serving) -> Client {
    let mut client = Client::connect(serving.address);
    client.ask("GET", "/-/events");
    let head = client.answer_to_head();
    assert_eq!(
        (head.status, head.header("content-type")),
        (200, Some("text/event-stream"))
    );
    client.wait_for("event: problem\ndata: \n\n");
    client
}

#[test]
fn a_page_learns_which_edition_it_is_and_hears_of_the_next() {
    let (_folder, book) = pages();
    let serving = Serving::start(&book, Limits::default());
    let mut client = Client::connect(serving.address);
    client.ask("GET", "/-/events");
    client.answer_to_head();
    let edition = |client: &mut Client| {
        client.wait_for("event: edition\ndata: ");
        client.wait_for("\n\n").trim().to_owned()
    };
    let first = edition(&mut client);
    let mark =
        |edition: &str| format!("name=\"kettle-edition\" content=\"{edition}\"");
    assert!(
        get(serving.address, "/").text().contains(&mark(&first)),
        "{first}"
    );

    fs::write(book.join("index.html"), "<html><head></head>second</html>")
        .expect("a file");
    serving.handle.show(&book).expect("the new pages");
    let second = edition(&mut client);
    assert_ne!(first, second);
    let page = get(serving.address, "/").text();
    assert!(
        page.contains(&mark(&second)) && page.contains("second"),
        "{page}"
    );
}

#[test]
fn a_changed_file_is_built_and_shown_and_a_broken_one_is_told_of() {
    let (folder, book) = pages();
    let source = folder.path().join("chapters");
    fs::create_dir(&source).expect("a folder");
    let chapter = source.join("kettle.md");
    fs::write(&chapter, "first").expect("a chapter");
    let serving = Serving::start(&book, Limits::default());
    let watching = watch(
        serving.handle.clone(),
        vec![source.clone(), folder.path().join("not-there.toml")],
        Duration::from_millis(10),
        {
            let (book, chapter) = (book.clone(), chapter.clone());
            move || match fs::read_to_string(&chapter).expect("a chapter") {
                text if text.contains("{{") => {
                    Err("kettle.md:1: a loose brace\nmend it")
                }
                text => {
                    let html = format!("<html><head></head>{text}</html>");
                    fs::write(book.join("index.html"), html).expect("a page");
                    Ok(book.clone())
                }
            }
        },
    );
    let mut page = events(&serving);

    put(&chapter, "second text");
    page.wait_for("event: problem\ndata: \n\n");
    assert!(get(serving.address, "/").text().contains("second text"));

    put(&chapter, "{{#broken");
    page.wait_for(
        "event: problem\ndata: kettle.md:1: a loose brace\ndata: mend it\n\n",
    );
    assert!(
        get(serving.address, "/").text().contains("second text"),
        "the old one stays"
    );

    put(&source.join("new.md"), "");
    put(&chapter, "third and mended");
    page.wait_for("event: problem\ndata: \n\n");
    assert!(
        get(serving.address, "/")
            .text()
            .contains("third and mended")
    );

    serving.handle.stop();
    let end = Instant::now() + Duration::from_secs(60);
    while !watching.is_finished() {
        assert!(
            Instant::now() < end,
            "the watching does not end with the server"
        );
        thread::sleep(Duration::from_millis(5));
    }
    watching.join().expect("no panic");
}

/// Replaces a file at one stroke: nobody sees it half-written.
fn put(file: &Path, text: &str) {
    let elsewhere = file
        .parent()
        .and_then(Path::parent)
        .expect("a folder above");
    let draft = elsewhere.join("draft");
    fs::write(&draft, text).expect("a draft");
    fs::rename(&draft, file).expect("a file");
}

#[test]
fn those_who_only_wait_do_not_hold_the_end_up() {
    let long = Duration::from_secs(3600); // so that no limit ends what the stop does not
    let farewell = long;
    let limits = Limits {
        farewell,
        ..short(long)
    };
    let serving = serving_with(limits);
    let mut idle = Client::connect(serving.address);
    idle.ask("GET", "/whistle.js");
    assert_eq!(idle.answer().status, 200);
    let mut stream = events(&serving);
    wait_for_connections(&serving, 2);

    serving.stop().expect("a clean end");
    assert!(idle.is_closed());
    stream.wait_for("0\r\n\r\n"); // the stream is ended, not torn
    assert!(stream.is_closed());
    let refused = TcpStream::connect(serving.address).expect_err("nobody listens");
    assert_eq!(refused.kind(), io::ErrorKind::ConnectionRefused);
}

#[test]
fn who_does_not_finish_is_cut_off_at_the_end() {
    let serving = serving_with(short(Duration::from_secs(3600)));
    let mut half = Client::connect(serving.address);
    half.send("GET / HTTP/1.1\r\n");
    let mut deaf = Client::connect(serving.address);
    deaf.ask("GET", "/big.bin");
    deaf.answer_to_head();

    serving.stop().expect("a clean end");
    assert!(half.is_closed());
    assert!(deaf.rest().len() < big().len());
}

#[test]
fn an_answer_under_way_is_finished_before_the_end() {
    let farewell = Duration::from_secs(60);
    let serving = serving_with(Limits {
        farewell,
        ..Limits::default()
    });
    let mut reader = Client::connect(serving.address);
    reader.ask("GET", "/big.bin");
    reader.answer_to_head();
    thread::scope(|scope| {
        let stopping = scope.spawn(move || serving.stop());
        assert_eq!(reader.rest().len(), big().len());
        stopping.join().expect("no panic").expect("a clean end");
    });
}

#[test]
fn a_taken_port_is_an_error_with_the_next_step() {
    let (_folder, book) = pages();
    let first = Serving::start(&book, Limits::default());
    let port = first.address.port();
    let second = Server::bind(&book, port);
    let message = second.expect_err("the port is taken").to_string();
    assert!(
        message.contains(&format!("port {port} is taken")),
        "{message}"
    );
    assert!(message.contains("cargo kettle book --port "), "{message}");
}

/// What this process has used of the processor, in hundredths of a second. The file is
/// open already, for there may be no descriptor left.
fn used(stat: &mut fs::File) -> u64 {
    let mut text = String::new();
    stat.rewind().expect("a file of the system");
    stat.read_to_string(&mut text)
        .expect("a file of the system");
    let (_, fields) = text.rsplit_once(") ").expect("a name in brackets");
    let times = fields.split(' ').skip(11).take(2);
    times.map(|it| it.parse::<u64>().expect("a number")).sum()
}

#[cfg(target_os = "linux")]
#[test]
fn e4_out_of_descriptors_the_server_rests_and_answers_when_there_is_one() {
    let name =
        "e4_out_of_descriptors_the_server_rests_and_answers_when_there_is_one";
    alone_after(name, "ulimit -n 64", || {
        let serving = serving();
        assert_eq!(get(serving.address, "/").status, 200);
        wait_for_connections(&serving, 0);
        let mut stat = fs::File::open("/proc/self/stat").expect("Linux has it");
        let mut hoard = Vec::new();
        while let Ok(file) = fs::File::open("/dev/null") {
            hoard.push(file);
        }
        hoard.pop();
        // The last descriptor is the client's: there is none to accept it with.
        let mut client = Client::connect(serving.address);
        client.ask("GET", "/");
        let before = used(&mut stat);
        thread::sleep(Duration::from_millis(500));
        // One that asks again at once uses all 50 hundredths that it can get.
        let spent = used(&mut stat) - before;
        assert!(spent < 10, "it used {spent} hundredths of a second");
        drop(hoard);
        assert_eq!(client.answer().status, 200);
    });
}
