//! Row 11: TCP echo, a server's CPU time per request, beside tokio and the peers.
//!
//! `cargo bench -p kettle-benches --bench net`. Below 3 % nothing is claimed: the
//! kernel's share of a request is many times the runtime's.

use std::io;

use kettle_benches::echo::{Session, servers};
use kettle_benches::machine::Machine;
use kettle_benches::options::Options;
use kettle_benches::rounds::interleaved;
use kettle_benches::table::{Goal, Line, Times, report};
use kettle_benches::{cpu, descriptors, save};

/// Connections of the two lines of the row.
const CONNECTIONS: [usize; 2] = [64, 1_000];

/// Descriptors that are no connection's: reactors, wakers, standard streams.
const OTHERS: usize = 200;

fn main() -> io::Result<()> {
    let options = Options::from_process();
    if !options.wants("11") {
        return Ok(());
    }
    let pinned = cpu::pin_other();
    let machine = Machine::here(pinned);
    println!("{}", machine.head());
    let mut lines = Vec::new();
    for connections in CONNECTIONS {
        // Both ends of each connection are in this process.
        let needed = servers().len() * connections * 2 + OTHERS;
        if !descriptors::raise_to(needed) {
            println!(
                "{connections} connections are left out: they need {needed} file \
                 descriptors; raise the hard limit (ulimit -Hn)"
            );
            continue;
        }
        lines.push(measure(connections, &options)?);
    }
    println!("{}", report(&lines));
    if options.save {
        save::announce(save::results(&machine, "net", &lines));
    }
    Ok(())
}

fn measure(connections: usize, options: &Options) -> io::Result<Line> {
    let (rounds, requests) = match (options.bench, options.quick) {
        (false, _) => (1, connections),
        (true, true) => (5, 5_000),
        (true, false) => (21, 20_000),
    };
    let mut sessions = start_all(connections);
    let mut walls = vec![Vec::new(); sessions.len()];
    let label = format!("row 11, {connections} connections");
    let all: Vec<usize> = (0..sessions.len()).collect();
    let times = interleaved(&label, &all, rounds, |&session| {
        let burst = sessions[session].client.ask(requests);
        let burst = burst.expect("every server echoes until its client leaves");
        walls[session].push(burst.wall);
        burst.cpu
    });
    print_rates(connections, &sessions, &walls);
    let sides = sessions.iter().zip(times).map(|(session, rounds)| Times {
        side: session.server.side,
        stays: session.server.stays,
        rounds,
    });
    let line = Line {
        id: format!("11 {connections}"),
        title: "echo of 64 bytes",
        sides: sides.collect(),
        goals: vec![Goal::OfTokio(0.98), Goal::OfLimit(1.04)],
    };
    for session in sessions {
        session.end()?;
    }
    Ok(line)
}

/// The servers that can run on this machine. Of the others it is said why not.
fn start_all(connections: usize) -> Vec<Session> {
    let mut sessions = Vec::new();
    for server in servers() {
        match server.start(connections) {
            Ok(session) => sessions.push(session),
            Err(reason) => println!("{} is left out: {reason}", server.side),
        }
    }
    sessions
}

fn print_rates(connections: usize, sessions: &[Session], walls: &[Vec<f64>]) {
    println!("{connections} connections, requests per second, median");
    for (session, walls) in sessions.iter().zip(walls) {
        let wall = kettle_benches::ratio::Spread::of(walls).median;
        println!("  {:<12} {:>8.0}", session.server.side, 1e9 / wall);
    }
}
