// Counts the words of several files, each read by a thread of the pool.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use rt::task::{self, JoinSet};

async fn words_of(path: PathBuf) -> io::Result<HashMap<String, usize>> {
    let text =
        task::spawn_blocking(move || std::fs::read_to_string(path)).await??;
    let mut words = HashMap::new();
    for (at, word) in text.split_whitespace().enumerate() {
        if at % 64 == 0 {
            task::yield_now().await;
        }
        *words.entry(word.to_lowercase()).or_default() += 1;
    }
    Ok(words)
}

async fn count(folder: &Path) -> io::Result<Vec<(String, usize)>> {
    let mut files = JoinSet::new();
    for entry in std::fs::read_dir(folder)? {
        files.spawn(words_of(entry?.path()));
    }
    let mut total: HashMap<String, usize> = HashMap::new();
    while let Some(words) = files.join_next().await {
        for (word, count) in words?? {
            *total.entry(word).or_default() += count;
        }
    }
    let mut total: Vec<_> = total.into_iter().collect();
    total.sort_by(|one, two| two.1.cmp(&one.1).then(one.0.cmp(&two.0)));
    Ok(total)
}

#[rt::main(flavor = "current_thread")]
pub(super) async fn main() -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let texts = [
        "A watched kettle never boils",
        "the kettle boils the water and the tea waits",
        "a kettle is watched by the cook",
    ];
    for (number, text) in texts.iter().enumerate() {
        let path = folder.path().join(format!("{number}.txt"));
        std::fs::write(path, text).expect("a file");
    }
    let words = count(folder.path()).await.expect("files that can be read");
    let frequent: Vec<_> = words
        .iter()
        .filter(|(_, count)| *count > 1)
        .map(|(word, count)| format!("{word}: {count}"))
        .collect();
    frequent.join(", ")
}
