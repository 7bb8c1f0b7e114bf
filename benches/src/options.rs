//! What the command line asks of a benchmark.

/// The usage, printed when an argument is not understood.
pub const USAGE: &str = "\
usage: cargo bench -p kettle-benches [--bench executor|net|sync|compose|time] -- [OPTIONS]

  --rows 2,4      only these rows of the table
  --quick         fewer and shorter rounds: a first look, no result
  --save          also write benches/results/<machine>.json
  --one ROW SIDE BLOCKS
                  run one side's blocks once and print their nanoseconds and the
                  operations of a block: what a cold process and callgrind.sh start";

/// The options of one run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The keys of the rows to run; all when empty.
    pub rows: Vec<String>,
    /// Fewer and shorter rounds.
    pub quick: bool,
    /// Write the results to a file.
    pub save: bool,
    /// Times are wanted. `cargo bench` says so; under `cargo test` each arm runs
    /// once, to see that it works.
    pub bench: bool,
    /// Run this and nothing else.
    pub one: Option<One>,
}

/// One side's turn in a process of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct One {
    /// The row's id, variant included.
    pub row: String,
    /// The side's name.
    pub side: String,
    /// How often to repeat the row's block.
    pub blocks: u64,
}

impl Options {
    /// Reads the process's arguments. Ends the process with the usage when they are
    /// not understood.
    #[must_use]
    pub fn from_process() -> Self {
        Self::parse(std::env::args().skip(1)).unwrap_or_else(|problem| {
            eprintln!("{problem}\n\n{USAGE}");
            std::process::exit(2)
        })
    }

    /// Whether a row was asked for.
    #[must_use]
    pub fn wants(&self, key: &str) -> bool {
        self.rows.is_empty() || self.rows.iter().any(|row| row == key)
    }

    fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self::default();
        while let Some(argument) = arguments.next() {
            let mut value = || {
                let missing = || format!("{argument} needs another value after it");
                arguments.next().ok_or_else(missing)
            };
            match argument.as_str() {
                "--bench" => options.bench = true,
                "--quick" => options.quick = true,
                "--save" => options.save = true,
                "--rows" => {
                    options.rows = value()?.split(',').map(str::to_owned).collect()
                }
                "--one" => {
                    options.one = Some(One::parse([value()?, value()?, value()?])?)
                }
                other => return Err(format!("there is no option {other}")),
            }
        }
        Ok(options)
    }
}

impl One {
    fn parse([row, side, blocks]: [String; 3]) -> Result<Self, String> {
        let blocks = blocks
            .parse()
            .map_err(|_| format!("BLOCKS must be a number, not {blocks}"))?;
        Ok(Self { row, side, blocks })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Options, String> {
        Options::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn rows_are_a_list() {
        let options = parse("--rows 2,3a --bench").expect("both are options");
        assert!(options.wants("3a") && options.bench);
        assert!(!options.wants("3"));
    }

    #[test]
    fn no_rows_are_all_rows() {
        assert!(parse("").expect("nothing is fine").wants("12"));
    }

    #[test]
    fn one_side_once() {
        let one = parse("--one 2 tokio 5").expect("an option").one;
        let expected = One {
            row: "2".into(),
            side: "tokio".into(),
            blocks: 5,
        };
        assert_eq!(one, Some(expected));
    }

    #[test]
    fn a_wrong_word_is_named() {
        assert_eq!(parse("--fast"), Err("there is no option --fast".into()));
        assert_eq!(
            parse("--rows"),
            Err("--rows needs another value after it".into())
        );
    }
}
