//! The book as a reader sees it: built, served by Kettle, shown by a real browser.

#[path = "common/browser.rs"]
mod browser;
#[path = "common/serving.rs"]
mod serving;

use browser::Browser;
use kettle_lab::book;
use kettle_lab::server::{Limits, watch};
use serde_json::{Value, json};
use serving::Serving;
use std::fs;
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

/// The book of this repository, served from memory.
fn served_book() -> (Serving, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let built = book::build(&book::root(), Some(folder.path()));
    let built = built.unwrap_or_else(|error| panic!("{error}"));
    let serving = Serving::start(&built.dir, Limits::default());
    let url = format!("http://{}", serving.address);
    (serving, url)
}

/// All pages of the book, in the order of the sidebar.
fn pages(browser: &mut Browser) -> Vec<String> {
    let links =
        "[...new Set([...document.querySelectorAll('#mdbook-sidebar a[href]')]
        .map(link => link.href.split('#')[0]))]";
    let links = browser.eval(links);
    serde_json::from_value(links).expect("addresses")
}

/// How bright a colour of the page is, from 0 (black) to 1 (white).
fn brightness(browser: &mut Browser, property: &str) -> f64 {
    let colour = browser.eval(&format!(
        "(() => {{
            const context = document.createElement('canvas').getContext('2d');
            context.fillStyle = getComputedStyle(document.documentElement).{property};
            context.fillRect(0, 0, 1, 1);
            return [...context.getImageData(0, 0, 1, 1).data];
        }})()"
    ));
    let part = |i: usize| colour[i].as_f64().expect("a number") / 255.0;
    0.2126 * part(0) + 0.7152 * part(1) + 0.0722 * part(2)
}

fn choose_theme(browser: &mut Browser, theme: &str) {
    let is_open = "document.querySelector('#mdbook-theme-list').checkVisibility()";
    if browser.eval(is_open) == false {
        browser.click("#mdbook-theme-toggle"); // the list stays open after a choice
    }
    browser.click(&format!("#mdbook-theme-{theme}"));
    browser.wait(&format!(
        "document.documentElement.classList.contains({theme:?})"
    ));
}

/// The page has its title as the one heading of the first order, and nothing sticks out
/// to the right: what is wide scrolls within itself.
#[track_caller]
fn assert_readable(browser: &mut Browser, page: &str) {
    let titles = browser.eval("document.querySelectorAll('main h1').length");
    assert_eq!(titles, 1, "{page}");
    let torn = browser.eval(
        "[...document.images].filter(image => image.complete && !image.naturalWidth)
            .map(image => image.src)",
    );
    assert_eq!(torn, json!([]), "pictures missing on {page}");
    let wide = browser.eval(
        "[...document.querySelectorAll('main *')]
            .filter(element => document.documentElement.scrollWidth > innerWidth
                && element.getBoundingClientRect().right > innerWidth)
            .map(element => element.outerHTML.slice(0, 80))",
    );
    assert_eq!(wide, json!([]), "sticks out of {page}");
    let width = browser.eval("document.documentElement.scrollWidth - innerWidth");
    assert!(
        width.as_i64().is_some_and(|width| width <= 0),
        "{page}: {width} too wide"
    );
}

#[test]
fn every_page_reads_well_in_light_and_dark_and_on_a_phone() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let (_serving, url) = served_book();
    browser.open(&format!("{url}/"));
    choose_theme(&mut browser, "light");
    let paper = brightness(&mut browser, "backgroundColor");
    let ink = brightness(&mut browser, "color");
    assert!(
        paper > 0.8 && ink < 0.3,
        "light: ink {ink} on paper {paper}"
    );

    choose_theme(&mut browser, "navy");
    let paper = brightness(&mut browser, "backgroundColor");
    let ink = brightness(&mut browser, "color");
    assert!(paper < 0.2 && ink > 0.5, "dark: ink {ink} on paper {paper}");

    let pages = pages(&mut browser);
    assert!(!pages.is_empty());
    for (width, height, mobile) in [(1400, 1000, false), (390, 844, true)] {
        browser.resize(width, height, mobile);
        for page in &pages {
            browser.open(page);
            assert_eq!(browser.eval("innerWidth"), width, "{page}");
            let theme = browser.eval("document.documentElement.className");
            assert!(
                theme.as_str().is_some_and(|theme| theme.contains("navy")),
                "{page}"
            );
            assert_readable(&mut browser, page);
        }
    }
    browser.assert_calm(&url);
}

#[test]
fn search_finds_a_word_and_leads_to_it() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let (_serving, url) = served_book();
    browser.open(&format!("{url}/"));
    browser.write("s"); // mdBook's key for the search
    browser.wait("document.activeElement.id === 'mdbook-searchbar'");
    browser.write("kettle");
    let result = "#mdbook-searchresults a";
    browser.wait(&format!("document.querySelector({result:?})"));
    let target = browser.eval(&format!("document.querySelector({result:?}).href"));
    browser.click(result);
    browser.wait(&format!(
        "location.href === {target} && document.querySelector('main mark')"
    ));
    let marked = browser.eval("document.querySelector('main mark').textContent");
    assert_eq!(
        marked.as_str().map(str::to_lowercase).as_deref(),
        Some("kettle")
    );
    browser.assert_calm(&url);
}

#[test]
fn a_wrong_address_leads_to_a_page_of_the_book_that_leads_on() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let (_serving, url) = served_book();
    browser.open(&format!("{url}/no/such/chapter.html"));
    browser.wait("document.querySelector('#mdbook-sidebar a[href]')");
    let complaints = std::mem::take(&mut browser.errors);
    assert!(
        complaints.iter().all(|told| told.contains("404")),
        "{complaints:?}"
    );
    // Its styles came, from three folders up, and its links lead into the book.
    let paper = brightness(&mut browser, "backgroundColor");
    let ink = brightness(&mut browser, "color");
    assert!((paper - ink).abs() > 0.5, "ink {ink} on paper {paper}");
    let first = pages(&mut browser).remove(0);
    browser.open(&first);
    assert_readable(&mut browser, &first);
    browser.assert_calm(&url);
}

#[test]
fn a_script_that_the_book_did_not_bring_does_not_run() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let (_serving, url) = served_book();
    browser.open(&format!("{url}/"));
    browser.assert_calm(&url); // the book's own ran
    let stranger = "(() => {
        const script = document.createElement('script');
        script.textContent = 'window.stranger = true';
        document.body.append(script);
        return window.stranger === true;
    })()";
    assert_eq!(browser.eval(stranger), false);
    browser.eval("0");
    assert!(
        browser
            .errors
            .iter()
            .any(|told| told.contains("Content Security Policy")),
        "{:?}",
        browser.errors
    );
}

/// A book of one chapter, to write in.
fn small_book() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("chapters")).expect("a folder");
    write(folder.path(), "book.toml", SETTINGS);
    write(folder.path(), "Cargo.toml", "[package]\nname = \"tea\"\n");
    write(
        folder.path(),
        "chapters/SUMMARY.md",
        "# Summary\n\n- [Tea](tea.md)\n",
    );
    write(
        folder.path(),
        "chapters/tea.md",
        "# Tea\n\nThe water is cold.\n",
    );
    folder
}

const SETTINGS: &str = "[book]\ntitle = \"Tea\"\nsrc = \"chapters\"\n\
    [build]\nbuild-dir = \"built\"\n";

fn write(root: &Path, name: &str, text: &str) {
    let draft = root.join("draft");
    fs::write(&draft, text).expect("a draft");
    fs::rename(&draft, root.join(name)).expect("a file");
}

#[test]
fn an_open_page_loads_itself_again_when_its_chapter_changes() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let folder = small_book();
    let root = folder.path().to_path_buf();
    let built = book::build(&root, None).unwrap_or_else(|error| panic!("{error}"));
    let serving = Serving::start(&built.dir, Limits::default());
    let watching = watch(
        serving.handle.clone(),
        vec![root.join("chapters")],
        Duration::from_millis(20),
        {
            let root = root.clone();
            move || book::build(&root, None).map(|built| built.dir)
        },
    );
    let url = format!("http://{}", serving.address);
    browser.open(&format!("{url}/tea.html"));
    browser.eval("window.untouched = true");

    write(&root, "chapters/tea.md", "# Tea\n\nThe water boils.\n");
    browser.wait("document.querySelector('main').textContent.includes('boils')");
    assert_eq!(
        browser.eval("window.untouched ?? null"),
        Value::Null,
        "loaded anew"
    );
    browser.eval("window.untouched = true");

    write(
        &root,
        "chapters/tea.md",
        "# Tea\n\n{{#include ../not-there.rs:nothing}}\n",
    );
    browser.wait("document.querySelector('#kettle-problem')");
    let problem =
        browser.eval("document.querySelector('#kettle-problem').textContent");
    assert!(
        problem
            .as_str()
            .is_some_and(|told| told.contains("tea.md:3")),
        "{problem}"
    );
    assert_eq!(browser.eval("window.untouched"), true, "the page stays");

    write(&root, "chapters/tea.md", "# Tea\n\nThe tea is ready.\n");
    browser.wait("document.querySelector('main').textContent.includes('ready')");
    assert_eq!(
        browser.eval("document.querySelector('#kettle-problem')"),
        Value::Null
    );
    browser.assert_calm(&url);
    serving.stop().expect("a clean end");
    watching.join().expect("no panic");
}
