//! nginx in front of the scripted model server: the least that a proxy can cost.

use crate::process::{Process, find_program, free_port};
use anyhow::{Context, Result};
use std::{
    fs,
    net::{SocketAddr, TcpStream},
    path::Path,
    process::Command,
    thread::sleep,
    time::Duration,
};

/// A running nginx.
pub struct Nginx {
    /// Its processes.
    pub process: Process,
    /// Where it listens.
    pub address: SocketAddr,
}

impl Nginx {
    /// Starts it over a folder for its own files.
    pub fn start(folder: &Path, upstream: SocketAddr) -> Result<Self> {
        let program = find_program("nginx").context("nginx is missing; on Debian: apt-get install nginx")?;
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()?));
        fs::create_dir_all(folder)?;
        fs::write(folder.join("nginx.conf"), configuration(address, upstream))?;
        let mut command = Command::new(program);
        command.arg("-p").arg(folder).args(["-c", "nginx.conf", "-e", "error.log"]);
        let process = Process::start(&mut command)?;
        while TcpStream::connect(address).is_err() {
            sleep(Duration::from_millis(5));
        }
        Ok(Self { process, address })
    }
}

fn configuration(address: SocketAddr, upstream: SocketAddr) -> String {
    format!(
        "daemon off;\nworker_processes 2;\npid nginx.pid;\nerror_log error.log;\n\
         events {{ worker_connections 4096; }}\n\
         http {{\n\
         \x20 access_log off;\n  tcp_nodelay on;\n  keepalive_requests 1000000;\n\
         \x20 client_body_temp_path body;\n  proxy_temp_path proxy;\n  fastcgi_temp_path fastcgi;\n\
         \x20 uwsgi_temp_path uwsgi;\n  scgi_temp_path scgi;\n\
         \x20 upstream scripted {{ server {upstream}; keepalive 512; keepalive_requests 1000000; }}\n\
         \x20 server {{\n    listen {address};\n\
         \x20   location / {{\n      proxy_pass http://scripted;\n      proxy_http_version 1.1;\n\
         \x20     proxy_set_header Connection \"\";\n      proxy_buffering off;\n    }}\n  }}\n}}\n"
    )
}
