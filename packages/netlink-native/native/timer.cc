#include "timer.h"

#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "listener-call.h"

namespace {
constexpr double kMicrosPerSecond = 1e6;
constexpr int64_t kNanosPerMicro = 1000;

double ClockMicros(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) * kMicrosPerSecond + static_cast<double>(now.tv_nsec / kNanosPerMicro);
}
}  // namespace

double MonotonicMicros() { return ClockMicros(CLOCK_MONOTONIC); }

double RealtimeOffsetMicros() {
  // In this order: a thread that is interrupted between the two gets too small an offset, never too large a one.
  const double realtime = ClockMicros(CLOCK_REALTIME);
  return realtime - ClockMicros(CLOCK_MONOTONIC);
}

Napi::Function Timer::Define(Napi::Env env) {
  return DefineClass(env, "Timer",
                     {
                         InstanceMethod<&Timer::Open>("open"),
                         InstanceMethod<&Timer::Set>("set"),
                         InstanceMethod<&Timer::Close>("close"),
                         InstanceMethod<&Timer::RefWatch>("ref"),
                         InstanceMethod<&Timer::UnrefWatch>("unref"),
                     });
}

Timer::Timer(const Napi::CallbackInfo& info) : ObjectWrap(info) {}

// An open timer holds a reference to itself, so only the end of a whole environment finds one here.
Timer::~Timer() {
  if (watch_ != nullptr) watch_->Close();
  if (fd_ >= 0) close(fd_);
}

Napi::Value Timer::Open(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  if (!info[0].IsFunction()) throw Napi::TypeError::New(env, "expected a listener");
  if (fd_ >= 0) return Napi::Number::New(env, -EALREADY);
  fd_ = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  if (fd_ < 0) return Napi::Number::New(env, -errno);
  const int status = PollWatch::Open(env, fd_, this, &watch_);
  if (status != 0) {
    close(fd_);
    fd_ = -1;
    return Napi::Number::New(env, status);
  }
  listener_ = Napi::Persistent(info[0].As<Napi::Function>());
  Ref();
  return Napi::Number::New(env, 0);
}

Napi::Value Timer::Set(const Napi::CallbackInfo& info) {
  if (!info[0].IsNumber()) throw Napi::TypeError::New(info.Env(), "expected a deadline in microseconds");
  const int64_t deadline = info[0].As<Napi::Number>().Int64Value();
  itimerspec setting{};
  if (deadline >= 0) {
    setting.it_value.tv_sec = deadline / static_cast<int64_t>(kMicrosPerSecond);
    setting.it_value.tv_nsec = deadline % static_cast<int64_t>(kMicrosPerSecond) * kNanosPerMicro;
    // All zeros would disarm; the first nanosecond after boot is long past and fires at once.
    if (deadline == 0) setting.it_value.tv_nsec = 1;
  }
  const int status = timerfd_settime(fd_, TFD_TIMER_ABSTIME, &setting, nullptr);
  return Napi::Number::New(info.Env(), status < 0 ? -errno : 0);
}

void Timer::Close(const Napi::CallbackInfo&) {
  if (watch_ == nullptr) return;
  watch_->Close();
  watch_ = nullptr;
  close(fd_);
  fd_ = -1;
  listener_.Reset();
  Unref();
}

void Timer::RefWatch(const Napi::CallbackInfo&) {
  if (watch_ != nullptr) watch_->Ref();
}

void Timer::UnrefWatch(const Napi::CallbackInfo&) {
  if (watch_ != nullptr) watch_->Unref();
}

void Timer::OnReadable() {
  uint64_t expirations = 0;
  // Nothing to read: the deadline was moved or disarmed after the loop had seen the timer expire.
  if (read(fd_, &expirations, sizeof expirations) != sizeof expirations) return;
  Napi::Env env = Env();
  Napi::HandleScope scope(env);
  CallListener(env, Value(), listener_.Value(), MonotonicMicros());
}

void Timer::OnWatchLost() { watch_ = nullptr; }
