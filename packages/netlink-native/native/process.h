// One child process, started without copying this one: vfork(2), so that neither page tables nor other threads are touched
// (a fork of a process of this size holds up its every thread for milliseconds). Its end is heard through a pidfd.
// No policy: what is run, as whom and with which environment is TypeScript's, and so is the meaning of the wait status.
#pragma once

#include <napi.h>
#include <sys/types.h>

#include "poll-watch.h"

class Process : public Napi::ObjectWrap<Process>, private PollListener {
 public:
  static Napi::Function Define(Napi::Env env);

  explicit Process(const Napi::CallbackInfo& info);
  ~Process();

 private:
  // (argv, environment, user, group, groups, listener(wait status)) -> pid or -errno; user -1: nobody else.
  Napi::Value Start(const Napi::CallbackInfo& info);

  void OnReadable() override;
  void OnWatchLost() override;
  int Watch(Napi::Env env, pid_t pid);

  pid_t pid_ = -1;
  int fd_ = -1;
  PollWatch* watch_ = nullptr;
  Napi::FunctionReference listener_;
};
