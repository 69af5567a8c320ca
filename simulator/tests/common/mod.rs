//! Real brokers for the tests, each on ports of its own and in a folder of its own.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use placard_simulator::broker::Broker;
use tempfile::TempDir;

/// Which broker.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    Mosquitto,
    Nats,
}

/// A broker that is killed with the test.
pub struct BrokerProcess {
    kind: Kind,
    folder: TempDir,
    port: u16,
    other_port: u16,
    child: Option<Child>,
}

impl BrokerProcess {
    pub fn start(kind: Kind) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut broker = Self { kind, folder, port: free_port(), other_port: free_port(), child: None };
        broker.start_again();
        broker
    }

    /// Starts on the same ports and data as before.
    pub fn start_again(&mut self) {
        let (port, folder) = (self.port, self.folder.path().display());
        let config = self.folder.path().join("broker.conf");
        let (program, arguments, text) = match self.kind {
            Kind::Mosquitto => (
                "mosquitto",
                ["-c", config.to_str().unwrap()],
                format!(
                    "listener {port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\nmax_inflight_messages 0\n\
                     persistence false\n"
                ),
            ),
            Kind::Nats => (
                "nats-server",
                ["-c", config.to_str().unwrap()],
                format!(
                    "host: 127.0.0.1\nport: {}\nserver_name: test\njetstream {{ store_dir: \"{folder}/js\" }}\n\
                     mqtt {{ host: 127.0.0.1, port: {port} }}\n",
                    self.other_port
                ),
            ),
        };
        fs::write(&config, text).unwrap();
        let log = fs::File::create(self.folder.path().join("broker.log")).unwrap();
        let child = Command::new(tools().join("bin").join(program))
            .args(arguments)
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .stdin(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{program} does not start ({error}); ./dev services unpacks it"));
        self.child = Some(child);
        let deadline = Instant::now() + Duration::from_secs(20);
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            let log = fs::read_to_string(self.folder.path().join("broker.log")).unwrap_or_default();
            assert!(Instant::now() < deadline, "{program} does not listen: {log}");
            // Starting is synchronous; nothing else waits for this thread.
            #[allow(clippy::disallowed_methods)]
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Kills it as a power cut would.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    pub fn address(&self) -> Broker {
        Broker::parse(&format!("mqtt://127.0.0.1:{}", self.port)).unwrap().0
    }
}

impl Drop for BrokerProcess {
    fn drop(&mut self) {
        self.kill();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The folder of private tools: $PLACARD_TOOLS_DIR, or the workspace's own.
fn tools() -> PathBuf {
    std::env::var_os("PLACARD_TOOLS_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../.dev/tools"), PathBuf::from)
}
