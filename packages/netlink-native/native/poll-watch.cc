#include "poll-watch.h"

#include <cerrno>
#include <cstdlib>

int PollWatch::Open(Napi::Env env, int fd, PollListener* listener, PollWatch** watch) {
  uv_loop_s* loop = nullptr;
  if (napi_get_uv_event_loop(env, &loop) != napi_ok) return -ENOSYS;
  auto* poll = static_cast<uv_poll_s*>(std::calloc(1, uv_handle_size(kUvPollHandle)));
  if (poll == nullptr) return -ENOMEM;
  // libuv's error codes are negative errnos on Linux.
  const int status = uv_poll_init(loop, poll, fd);
  if (status != 0) {
    std::free(poll);
    return status;
  }
  auto* opened = new PollWatch(listener, poll);
  uv_handle_set_data(opened->Handle(), opened);
  napi_add_async_cleanup_hook(env, OnEnvironmentExit, opened, &opened->hook_);
  const int started = uv_poll_start(poll, kUvReadable, OnPoll);
  if (started != 0) {
    opened->Close();
    return started;
  }
  *watch = opened;
  return 0;
}

PollWatch::PollWatch(PollListener* listener, uv_poll_s* handle) : listener_(listener), poll_(handle) {}

PollWatch::~PollWatch() { std::free(poll_); }

void PollWatch::Close() {
  if (listener_ == nullptr) return;
  listener_ = nullptr;
  uv_poll_stop(poll_);
  uv_close(Handle(), OnClosed);
}

void PollWatch::Ref() { uv_ref(Handle()); }

void PollWatch::Unref() { uv_unref(Handle()); }

void PollWatch::OnPoll(uv_poll_s* handle, int status, int) {
  auto* self = static_cast<PollWatch*>(uv_handle_get_data(reinterpret_cast<uv_handle_s*>(handle)));
  // libuv reports EPOLLERR (a lost link, an overrun queue) as a failure and stops watching. The error itself waits in
  // the socket, where the listener reads it; the watch goes on. First restart, because the listener may close us.
  if (status < 0 && uv_poll_start(handle, kUvReadable, OnPoll) != 0) return;
  try {
    self->listener_->OnReadable();
  } catch (const Napi::Error&) {
    // The environment is being ended by another thread: nothing can be called in it any more.
  }
}

void PollWatch::OnClosed(uv_handle_s* handle) {
  auto* self = static_cast<PollWatch*>(uv_handle_get_data(handle));
  // Tells Node that this part of the environment's clean-up is over, or that there is nothing left to clean up.
  napi_remove_async_cleanup_hook(self->hook_);
  delete self;
}

void PollWatch::OnEnvironmentExit(napi_async_cleanup_hook_handle, void* data) {
  auto* self = static_cast<PollWatch*>(data);
  if (self->listener_ == nullptr) return;  // closing already; OnClosed follows
  self->listener_->OnWatchLost();
  self->Close();
}
