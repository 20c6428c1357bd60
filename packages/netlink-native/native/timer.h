// One timerfd(2) on CLOCK_MONOTONIC with absolute deadlines, watched on the event loop of its environment.
// Node's own timers round to milliseconds; this one does not. No policy: which deadline comes next is decided in TypeScript.
#pragma once

#include <napi.h>

#include "poll-watch.h"

// Microseconds of CLOCK_MONOTONIC.
double MonotonicMicros();
// What CLOCK_REALTIME is ahead of it, now.
double RealtimeOffsetMicros();

class Timer : public Napi::ObjectWrap<Timer>, private PollListener {
 public:
  static Napi::Function Define(Napi::Env env);

  explicit Timer(const Napi::CallbackInfo& info);
  ~Timer();

 private:
  Napi::Value Open(const Napi::CallbackInfo& info);  // (listener(now: microseconds)) -> 0 or -errno
  Napi::Value Set(const Napi::CallbackInfo& info);   // (deadline: microseconds, or negative to disarm) -> 0 or -errno
  void Close(const Napi::CallbackInfo& info);
  void RefWatch(const Napi::CallbackInfo& info);
  void UnrefWatch(const Napi::CallbackInfo& info);

  void OnReadable() override;
  void OnWatchLost() override;

  int fd_ = -1;
  PollWatch* watch_ = nullptr;
  Napi::FunctionReference listener_;
};
