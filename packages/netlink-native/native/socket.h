// One non-blocking socket of any family. Every method is one system call and answers 0 (or a count) or a negative errno;
// which options, addresses and bytes to use is decided in TypeScript. Wrong argument types throw TypeError.
#pragma once

#include <napi.h>

#include "message-batch.h"
#include "poll-watch.h"

class Socket : public Napi::ObjectWrap<Socket>, private PollListener {
 public:
  static Napi::Function Define(Napi::Env env);

  explicit Socket(const Napi::CallbackInfo& info);
  ~Socket();

 private:
  Napi::Value Open(const Napi::CallbackInfo& info);          // (domain, type, protocol)
  Napi::Value SetOption(const Napi::CallbackInfo& info);     // (level, name, value: Uint8Array)
  Napi::Value AttachFilter(const Napi::CallbackInfo& info);  // (program: Uint8Array of struct sock_filter)
  Napi::Value Bind(const Napi::CallbackInfo& info);          // (address: Uint8Array)
  Napi::Value Send(const Napi::CallbackInfo& info);          // (batch, count, flags) -> failures
  Napi::Value Receive(const Napi::CallbackInfo& info);       // (batch) -> messages
  Napi::Value Start(const Napi::CallbackInfo& info);         // (batch, listener(messages or -errno))
  void Stop(const Napi::CallbackInfo& info);
  void Close(const Napi::CallbackInfo& info);
  void RefWatch(const Napi::CallbackInfo& info);
  void UnrefWatch(const Napi::CallbackInfo& info);

  void OnReadable() override;
  void OnWatchLost() override;
  void StopWatching();
  void CloseDescriptor();

  int fd_ = -1;
  PollWatch* watch_ = nullptr;
  MessageBatch* batch_ = nullptr;
  Napi::ObjectReference batch_reference_;
  Napi::FunctionReference listener_;
};
