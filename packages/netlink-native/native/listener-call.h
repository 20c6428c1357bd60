// Calls a JavaScript listener from the event loop, with one number. What it throws becomes an uncaught exception of its
// environment; an environment that is ending and runs no JavaScript any more is not an error.
#pragma once

#include <napi.h>

// False when no further call makes sense now.
inline bool CallListener(Napi::Env env, Napi::Object receiver, Napi::Function listener, double number) {
  napi_value argument = nullptr;
  if (napi_create_double(env, number, &argument) != napi_ok) return false;
  // napi_make_callback, unlike a plain call, runs the microtasks and process.nextTick queue afterwards.
  const napi_status status = napi_make_callback(env, nullptr, receiver, listener, 1, &argument, nullptr);
  if (status == napi_ok) return true;
  napi_value error = nullptr;
  if (status == napi_pending_exception && napi_get_and_clear_last_exception(env, &error) == napi_ok) {
    napi_fatal_exception(env, error);
  }
  return false;
}
