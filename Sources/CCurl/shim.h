// What campaign-send needs of libcurl. curl_easy_setopt(3) and curl_easy_getinfo(3) are variadic and can't be called
// from Swift; here each kind of value has a function. Calls alone: no policy lives here.
//
// Not linked but loaded by dlopen(3), and only for a webhook or for mail: libcurl brings some thirty libraries along, and linking
// them took each start of campaign-send from 16 to 30 ms (a debug build on 2 cores, 200 starts of --help), where one
// send by a program starts it twice. Types and constants are those of the header against which this is compiled.

#ifndef CAMPAIGND_CCURL_SHIM_H
#define CAMPAIGND_CCURL_SHIM_H

#include <curl/curl.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <stddef.h>

// The functions in use; a struct, since a table of its own for each file that includes this would stay empty in all
// but one.
struct ccurl {
    __typeof__(&curl_global_init) global_init;
    __typeof__(&curl_easy_init) easy_init;
    __typeof__(&curl_easy_cleanup) easy_cleanup;
    __typeof__(&curl_easy_setopt) easy_setopt;
    __typeof__(&curl_easy_getinfo) easy_getinfo;
    __typeof__(&curl_easy_strerror) easy_strerror;
    __typeof__(&curl_easy_header) easy_header;
    __typeof__(&curl_easy_send) easy_send;
    __typeof__(&curl_easy_recv) easy_recv;
    __typeof__(&curl_getdate) getdate;
    __typeof__(&curl_multi_init) multi_init;
    __typeof__(&curl_multi_cleanup) multi_cleanup;
    __typeof__(&curl_multi_add_handle) multi_add_handle;
    __typeof__(&curl_multi_remove_handle) multi_remove_handle;
    __typeof__(&curl_multi_perform) multi_perform;
    __typeof__(&curl_multi_poll) multi_poll;
    __typeof__(&curl_multi_info_read) multi_info_read;
    __typeof__(&curl_multi_strerror) multi_strerror;
    __typeof__(&curl_slist_append) slist_append;
    __typeof__(&curl_slist_free_all) slist_free_all;
};

// Loads the library and finds the functions. Returns NULL, or what dlerror(3) says: the library is not there, or is
// older than the header (curl_easy_header came with 7.83).
static inline const char *ccurl_load(struct ccurl *curl) {
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!library) return dlerror();
    const struct {
        const char *name;
        size_t offset;
    } functions[] = {
        {"curl_global_init", offsetof(struct ccurl, global_init)},
        {"curl_easy_init", offsetof(struct ccurl, easy_init)},
        {"curl_easy_cleanup", offsetof(struct ccurl, easy_cleanup)},
        {"curl_easy_setopt", offsetof(struct ccurl, easy_setopt)},
        {"curl_easy_getinfo", offsetof(struct ccurl, easy_getinfo)},
        {"curl_easy_strerror", offsetof(struct ccurl, easy_strerror)},
        {"curl_easy_header", offsetof(struct ccurl, easy_header)},
        {"curl_easy_send", offsetof(struct ccurl, easy_send)},
        {"curl_easy_recv", offsetof(struct ccurl, easy_recv)},
        {"curl_getdate", offsetof(struct ccurl, getdate)},
        {"curl_multi_init", offsetof(struct ccurl, multi_init)},
        {"curl_multi_cleanup", offsetof(struct ccurl, multi_cleanup)},
        {"curl_multi_add_handle", offsetof(struct ccurl, multi_add_handle)},
        {"curl_multi_remove_handle", offsetof(struct ccurl, multi_remove_handle)},
        {"curl_multi_perform", offsetof(struct ccurl, multi_perform)},
        {"curl_multi_poll", offsetof(struct ccurl, multi_poll)},
        {"curl_multi_info_read", offsetof(struct ccurl, multi_info_read)},
        {"curl_multi_strerror", offsetof(struct ccurl, multi_strerror)},
        {"curl_slist_append", offsetof(struct ccurl, slist_append)},
        {"curl_slist_free_all", offsetof(struct ccurl, slist_free_all)},
    };
    for (size_t index = 0; index < sizeof functions / sizeof functions[0]; index++) {
        void *function = dlsym(library, functions[index].name);
        if (!function) return dlerror();
        *(void **)((char *)curl + functions[index].offset) = function;
    }
    return NULL;
}

static inline CURLcode ccurl_set_long(const struct ccurl *curl, CURL *easy, CURLoption option, long value) {
    return curl->easy_setopt(easy, option, value);
}

// NULL takes a default away.
static inline CURLcode ccurl_set_text(const struct ccurl *curl, CURL *easy, CURLoption option, const char *value) {
    return curl->easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_set_pointer(const struct ccurl *curl, CURL *easy, CURLoption option, void *value) {
    return curl->easy_setopt(easy, option, value);
}

// CURLOPT_HTTPHEADER: the list stays the caller's and must outlive the transfer.
static inline CURLcode ccurl_set_headers(const struct ccurl *curl, CURL *easy, struct curl_slist *headers) {
    return curl->easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
}

// CURLOPT_COPYPOSTFIELDS: the bytes are copied. The size has to be known first.
static inline CURLcode ccurl_set_body(const struct ccurl *curl, CURL *easy, const void *bytes, size_t count) {
    CURLcode code = curl->easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
    return code == CURLE_OK ? curl->easy_setopt(easy, CURLOPT_COPYPOSTFIELDS, bytes) : code;
}

static inline CURLcode ccurl_set_write(
    const struct ccurl *curl, CURL *easy, curl_write_callback callback, void *context) {
    CURLcode code = curl->easy_setopt(easy, CURLOPT_WRITEFUNCTION, callback);
    return code == CURLE_OK ? curl->easy_setopt(easy, CURLOPT_WRITEDATA, context) : code;
}

// The callback gets each line of the answer's head, the empty one at its end too; or what a mail server says while the
// connection is made.
static inline CURLcode ccurl_set_head(
    const struct ccurl *curl, CURL *easy, curl_write_callback callback, void *context) {
    CURLcode code = curl->easy_setopt(easy, CURLOPT_HEADERFUNCTION, callback);
    return code == CURLE_OK ? curl->easy_setopt(easy, CURLOPT_HEADERDATA, context) : code;
}

static inline CURLcode ccurl_set_prerequest(
    const struct ccurl *curl, CURL *easy, curl_prereq_callback callback, void *context) {
    CURLcode code = curl->easy_setopt(easy, CURLOPT_PREREQFUNCTION, callback);
    return code == CURLE_OK ? curl->easy_setopt(easy, CURLOPT_PREREQDATA, context) : code;
}

static inline int ccurl_close_on_exec(void *context, curl_socket_t socket, curlsocktype purpose) {
    (void)context;
    (void)purpose;
    return fcntl(socket, F_SETFD, FD_CLOEXEC) == 0 ? CURL_SOCKOPT_OK : CURL_SOCKOPT_ERROR;
}

// Sockets stay out of programs that are started meanwhile; the library (7.88) leaves them open.
static inline CURLcode ccurl_set_close_on_exec(const struct ccurl *curl, CURL *easy) {
    return curl->easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, ccurl_close_on_exec);
}

// 0 where it is not known.
static inline long ccurl_response_code(const struct ccurl *curl, CURL *easy) {
    long code = 0;
    return curl->easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &code) == CURLE_OK ? code : 0;
}

// Where a redirect would lead, as a whole address; NULL where there is none. It lives as long as the handle.
static inline const char *ccurl_redirect_url(const struct ccurl *curl, CURL *easy) {
    char *address = NULL;
    return curl->easy_getinfo(easy, CURLINFO_REDIRECT_URL, &address) == CURLE_OK ? address : NULL;
}

// The first header of that name in the answer; NULL where there is none. It lives until the next call.
static inline const char *ccurl_header(const struct ccurl *curl, CURL *easy, const char *name) {
    struct curl_header *header = NULL;
    return curl->easy_header(easy, name, 0, CURLH_HEADER, -1, &header) == CURLHE_OK ? header->value : NULL;
}

// Seconds since 1970 of a date as HTTP writes it; below 0 where it is none.
static inline long long ccurl_date(const struct ccurl *curl, const char *text) {
    return (long long)curl->getdate(text, NULL);
}

// The next transfer of this multi handle that is over, its code then in result; NULL where there is none.
static inline CURL *ccurl_ended(const struct ccurl *curl, CURLM *multi, CURLcode *result) {
    int left = 0;
    CURLMsg *message = curl->multi_info_read(multi, &left);
    if (!message || message->msg != CURLMSG_DONE) return NULL;
    *result = message->data.result;
    return message->easy_handle;
}

// The socket of a connection that CURLOPT_CONNECT_ONLY left open; -1 where there is none.
static inline int ccurl_socket(const struct ccurl *curl, CURL *easy) {
    curl_socket_t socket = CURL_SOCKET_BAD;
    return curl->easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &socket) == CURLE_OK ? socket : -1;
}

#endif
