// A library of its own, preloaded (ld.so(8), LD_PRELOAD) into a program that starts: signals which come before the program
// has handlers for them are noted instead of ending it. Node.js clears the signal mask and sets ignored signals back to their
// defaults when it starts, but it leaves handlers alone that a preloaded library has installed. No policy beyond which
// signals end a program that does not expect them. The addon asks what was noted (signals.cc).
#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include <atomic>
#include <cstdint>

#include "held-signals.h"

namespace {
using Sigaction = int (*)(int, const struct sigaction*, struct sigaction*);

constexpr int kHeld[] = {SIGHUP,  SIGINT,    SIGQUIT, SIGUSR1, SIGUSR2, SIGTERM,  SIGALRM,
                         SIGPROF, SIGVTALRM, SIGIO,   SIGPWR,  SIGXCPU, SIGSTKFLT};
// The two lowest are the C library's own.
constexpr int kFirstRealtime = 34;
constexpr int kLastRealtime = 64;
constexpr char kPreload[] = "LD_PRELOAD";

std::atomic<Sigaction> real{nullptr};
std::atomic<bool> holding{false};
std::atomic<uint32_t> noted{0};

// Looked for when it is first wanted: other libraries may start before this one.
Sigaction Real() {
  if (real == nullptr) real = reinterpret_cast<Sigaction>(dlsym(RTLD_NEXT, "sigaction"));
  return real;
}

bool IsHeld(int number) {
  for (const int held : kHeld) {
    if (held == number) return true;
  }
  return false;
}

void Note(int number) { noted.fetch_or(1u << number); }

// What this program starts must not be preloaded.
void ForgetPreload() {
  const char* value = getenv(kPreload);
  if (value == nullptr) return;
  const char* rest = strchr(value, ':');
  if (rest == nullptr) {
    unsetenv(kPreload);
  } else {
    setenv(kPreload, rest + 1, 1);
  }
}

__attribute__((constructor)) void Hold() {
  struct sigaction action {};
  action.sa_flags = SA_RESTART;
  sigfillset(&action.sa_mask);
  action.sa_handler = Note;
  for (const int number : kHeld) Real()(number, &action, nullptr);
  action.sa_handler = SIG_IGN;
  for (int number = kFirstRealtime; number <= kLastRealtime; number++) Real()(number, &action, nullptr);
  holding = true;
  ForgetPreload();
}
}  // namespace

extern "C" {
// Node.js has handlers of its own for three of them (its debugger for SIGUSR1, an end without a farewell for SIGINT and
// SIGTERM): while we hold, ours stay.
__attribute__((visibility("default"))) int sigaction(int number, const struct sigaction* action,
                                                     struct sigaction* before) {
  return Real()(number, holding && IsHeld(number) ? nullptr : action, before);
}

__attribute__((visibility("default"))) uint32_t vrrp_release_signals() {
  holding = false;
  return noted;
}
}
