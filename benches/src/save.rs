//! Writes a run to `benches/results/<machine>.json`, on request.

use std::path::PathBuf;
use std::{fs, io};

use serde_json::{Map, Value, json};

use crate::machine::{FLAGS, Machine};
use crate::ratio::Spread;
use crate::table::Line;

/// Writes one benchmark's lines with the facts of the machine, and returns where.
/// Another benchmark's section of the same file is kept.
pub fn results(
    machine: &Machine,
    bench: &str,
    lines: &[Line],
) -> io::Result<PathBuf> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/results"));
    fs::create_dir_all(&folder)?;
    let file = folder.join(machine.slug()).with_extension("json");
    let mut sections = existing(&file);
    sections.insert(bench.to_owned(), section(machine, lines));
    fs::write(&file, format!("{:#}\n", Value::Object(sections)))?;
    Ok(file)
}

/// Says where the results are, or why they are nowhere.
pub fn announce(written: io::Result<PathBuf>) {
    match written {
        Ok(file) => println!("written to {}", file.display()),
        Err(error) => eprintln!("the results could not be written: {error}"),
    }
}

fn existing(file: &PathBuf) -> Map<String, Value> {
    let text = fs::read_to_string(file).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

fn section(machine: &Machine, lines: &[Line]) -> Value {
    json!({
        "machine": {
            "cpu": machine.cpu,
            "cores": machine.cores,
            "pinned": machine.pinned,
            "system": machine.system,
            "rustc": machine.rustc,
            "flags": FLAGS,
            "allocator": machine.allocator,
            "commit": machine.commit,
            "load_before": machine.load,
        },
        "unit": "ns per operation",
        "rows": lines.iter().map(line).collect::<Vec<_>>(),
    })
}

fn line(line: &Line) -> Value {
    let sides = line.sides.iter().map(|side| {
        json!({
            "side": side.side,
            "handles_stay_on_their_thread": side.stays,
            "rounds": side.rounds,
        })
    });
    let goals = line.goals.iter().map(|&goal| {
        json!({
            "of": goal.base(),
            "at_most": goal.limit(),
            "kettle": line.ratio_of(goal).map(spread),
        })
    });
    json!({
        "row": line.id,
        "title": line.title,
        "sides": sides.collect::<Vec<_>>(),
        "goals": goals.collect::<Vec<_>>(),
    })
}

fn spread(ratio: Spread) -> Value {
    json!({ "median": ratio.median, "low": ratio.low, "high": ratio.high })
}
