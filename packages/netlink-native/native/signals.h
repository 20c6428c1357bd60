// What a signal does to this process beside the handlers that Node.js installs. Which signals, and why, is TypeScript's.
#pragma once

#include <napi.h>

// () -> the signals that were held back while the program started, one bit each; the hold ends with the first call.
Napi::Value ReleasedSignals(const Napi::CallbackInfo& info);
// (signals): they are noted from now on, whoever handled them before, and nothing else.
Napi::Value NoteSignals(const Napi::CallbackInfo& info);
// () -> what was noted since the last call, one bit each.
Napi::Value NotedSignals(const Napi::CallbackInfo& info);
// (signals): they do nothing from now on.
Napi::Value IgnoreSignals(const Napi::CallbackInfo& info);
// (program, argv, ignored, blocked, descriptors): becomes that program, with our environment; comes back only with a
// negative errno, -EINTR when a noted signal has come. Across the change `ignored` signals are lost, `blocked` ones wait, and these descriptors stay open.
Napi::Value ReplaceProgram(const Napi::CallbackInfo& info);
