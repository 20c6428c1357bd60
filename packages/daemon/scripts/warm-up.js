// Writes the code cache of a script: runs it on a configuration as there are many, so that V8 has compiled what such a
// run needs, and keeps what V8 made of it. Run by scripts/bundle.js: node scripts/warm-up.js dist/config-test.script.js
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cacheUrl, compileScript, evaluate, packCache } from '../dist/cli/precompiled.js';

/** Clean: what only a finding needs is compiled when there is one. */
const CONFIGURATION = `! a comment
global_defs {
    router_id node-a
    enable_script_security
    script_user root
    dynamic_interfaces
}
vrrp_script check {
    script "/bin/true"
    interval 2
}
vrrp_instance WEB {
    state BACKUP
    interface eth0
    virtual_router_id 51
    priority 150
    advert_int 1
    authentication {
        auth_type PASS
        auth_pass secret
    }
    virtual_ipaddress {
        192.0.2.1/24 dev eth0
    }
    track_script {
        check
    }
}
vrrp_instance MAIL {
    state BACKUP
    interface eth0
    virtual_router_id 52
    unicast_src_ip 192.0.2.10
    unicast_peer {
        192.0.2.11
    }
    virtual_ipaddress {
        192.0.2.2/24
    }
}
vrrp_sync_group BOTH {
    group {
        WEB
        MAIL
    }
}
`;

const url = pathToFileURL(process.argv[2]);
const source = readFileSync(url, 'latin1');
const script = compileScript(source, url, undefined);
const { testConfiguration } = evaluate(script, url);
const folder = mkdtempSync(join(tmpdir(), 'vrrpd-warm-up-'));
try {
  const file = join(folder, 'keepalived.conf');
  writeFileSync(file, CONFIGURATION);
  await testConfiguration({ file, logFile: join(folder, 'findings'), mustExist: true });
} finally {
  rmSync(folder, { recursive: true });
}
writeFileSync(cacheUrl(url), packCache(script.createCachedData(), source));
