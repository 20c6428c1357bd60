// What hold-signals.cc gives to whoever finds it in the process: ends the hold and tells which signals came, one bit each.
#pragma once

#include <cstdint>

constexpr char kReleaseSignals[] = "vrrp_release_signals";
using ReleaseSignals = uint32_t (*)();
