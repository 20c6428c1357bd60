// Watches one descriptor for readability on the event loop of the environment (main thread or worker) that made it.
// Owns the libuv handle, which must outlive close() by one turn of the loop, and lets go of it when the environment ends.
// Does not own the descriptor.
#pragma once

#include <napi.h>

#include "uv-abi.h"

class PollListener {
 public:
  // The descriptor is readable or has an error waiting to be read.
  virtual void OnReadable() = 0;
  // The environment ends: the watch is gone, nothing may be called any more.
  virtual void OnWatchLost() = 0;

 protected:
  ~PollListener() = default;
};

class PollWatch {
 public:
  // Returns 0 and sets `watch`, or a negative errno. The watch keeps the loop alive until Unref() or Close().
  static int Open(Napi::Env env, int fd, PollListener* listener, PollWatch** watch);

  // The listener is not called any more. The object frees itself; the descriptor may be closed at once.
  void Close();
  void Ref();
  void Unref();

 private:
  PollWatch(PollListener* listener, uv_poll_s* handle);
  ~PollWatch();
  static void OnPoll(uv_poll_s* handle, int status, int events);
  static void OnClosed(uv_handle_s* handle);
  static void OnEnvironmentExit(napi_async_cleanup_hook_handle hook, void* self);
  uv_handle_s* Handle() const { return reinterpret_cast<uv_handle_s*>(poll_); }

  PollListener* listener_;
  uv_poll_s* poll_;
  napi_async_cleanup_hook_handle hook_ = nullptr;
};
