// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>

#include <string>
#include <string_view>
#include <system_error>

namespace vmwright::inline v0
{

/// What went wrong, for programs. The numbers are stable: new ones go to the end.
enum class Errc
{
    ok,                   ///< not an error; never thrown
    invalid_config,       ///< a configuration has errors; ConfigError carries them all
    invalid_argument,     ///< an argument of a call is not usable
    not_supported_yet,    ///< the thing exists in libvirt, not here
    not_found,            ///< no domain, profile or object of that name, uuid or id
    already_exists,       ///< a definition of that name or uuid exists
    not_running,          ///< the operation needs a running domain
    already_running,      ///< the operation needs a domain that is off
    wrong_state,          ///< the domain's state does not allow the operation
    timed_out,            ///< the deadline passed
    cancelled,            ///< the caller cancelled
    spawn_failed,         ///< a process could not be started; the step says where
    emulator_failed,      ///< QEMU ended or refused; `detail` has its own words
    monitor_failed,       ///< the QMP connection ended or broke the protocol
    command_failed,       ///< QEMU answered a QMP command with an error
    accelerator_unusable, ///< KVM was asked for and cannot be used
    io_failed,            ///< a file or directory operation failed
    limit_exceeded,       ///< a size, depth or count limit was reached
    corrupt_state,        ///< a state file does not hold what it should
    unresponsive,         ///< QEMU holds its lock, but its monitor does not answer
    deadlock,             ///< a blocking call on the host's own thread
    helper_failed,        ///< a program beside the emulator ended or failed; `detail` has its own words
    in_use,               ///< somebody else has the image, port or device; the message names whom, where that can be seen
    permission_denied,    ///< this user may not; the hint names the user, and the group that would help
    read_only,            ///< a file system that is mounted read-only would be written to
    bad_file,             ///< a file is not what it is used as: of another format, damaged, a directory
    not_installed,        ///< a program, or a part of the emulator, is not installed; the hint names its package
    not_supported,        ///< this emulator, or this host, does not have it
    out_of_memory,        ///< the host has not the memory, or not the huge pages
    no_space,             ///< the disk is full
    unreachable,          ///< what was to be connected to does not answer
    end_                  ///< not an error; marks the end of the list
};

constexpr auto enum_names(Errc)
{
    return name_list("ok", "invalid-config", "invalid-argument", "not-supported-yet", "not-found", "already-exists",
                     "not-running", "already-running", "wrong-state", "timed-out", "cancelled", "spawn-failed",
                     "emulator-failed", "monitor-failed", "command-failed", "accelerator-unusable", "io-failed",
                     "limit-exceeded", "corrupt-state", "unresponsive", "deadlock", "helper-failed", "in-use",
                     "permission-denied", "read-only", "bad-file", "not-installed", "not-supported", "out-of-memory",
                     "no-space", "unreachable", "end");
}

/// The category "vmwright"; compares equal to `std::errc` where a standard condition says the same.
[[nodiscard]] auto error_category() noexcept -> std::error_category const&;

[[nodiscard]] inline auto make_error_code(Errc e) noexcept -> std::error_code
{
    return {static_cast<int>(e), error_category()};
}

/// The parts of an Error's text; an empty one is left out.
struct ErrorContext
{
    std::string object{};    ///< whom it happened to: "domain 'demo'" or "domain 'demo', disk 'vda'"
    std::string step{};      ///< the step of the operation, for example "spawn: exec"
    std::string hint{};      ///< what the reader can do next
    std::string detail{};    ///< words of QEMU or of the kernel, verbatim
    std::error_code cause{}; ///< the system's own error behind it, for programs; not a part of the text
};

/// What every operation throws: a code for programs and a text for people.
///
/// `what()` is the whole sentence; QEMU's own words (its reply, the tail of its log) follow it on lines of their own.
class Error : public std::system_error
{
public:
    using Context = ErrorContext;

    /// No error: what a Result that holds a value has for its `error()`.
    Error();
    Error(std::error_code code, std::string_view message, Context context = {});
    Error(Errc code, std::string_view message, Context context = {});

    /// The sentence without object, step and hint.
    [[nodiscard]] auto message() const noexcept -> std::string const& { return message_; }
    [[nodiscard]] auto context() const noexcept -> Context const& { return context_; }
    [[nodiscard]] auto what() const noexcept -> char const* override { return text_.c_str(); }

    /// The same error, told of another object or with a hint; empty parts of `more` leave what is there.
    [[nodiscard]] auto with(Context more) const -> Error;

private:
    std::string message_;
    Context context_;
    std::string text_;
};

} // namespace vmwright::inline v0

template <>
struct std::is_error_code_enum<vmwright::Errc> : std::true_type
{
};
