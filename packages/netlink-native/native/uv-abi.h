// The ten functions of libuv that this addon calls, declared here because node-api-headers carries no uv.h and the build
// downloads nothing. libuv keeps its ABI for the whole of 1.x: handles are opaque and sized at run time by the library.
// addon.cc verifies at load time that the handle number below still means what it says.
#pragma once

#include <cstddef>

extern "C" {
struct uv_loop_s;
struct uv_handle_s;
struct uv_poll_s;

std::size_t uv_handle_size(int type);
const char* uv_handle_type_name(int type);
void* uv_handle_get_data(const uv_handle_s* handle);
void uv_handle_set_data(uv_handle_s* handle, void* value);
void uv_close(uv_handle_s* handle, void (*closed)(uv_handle_s* handle));
void uv_ref(uv_handle_s* handle);
void uv_unref(uv_handle_s* handle);
int uv_poll_init(uv_loop_s* loop, uv_poll_s* handle, int fd);
int uv_poll_start(uv_poll_s* handle, int events, void (*ready)(uv_poll_s* handle, int status, int events));
int uv_poll_stop(uv_poll_s* handle);
}

constexpr int kUvPollHandle = 8;  // UV_POLL of enum uv_handle_type
constexpr int kUvReadable = 1;    // UV_READABLE of enum uv_poll_event
