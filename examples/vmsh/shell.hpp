// SPDX-License-Identifier: BSL-1.0
#pragma once

#include "command.hpp"
#include "notify.hpp"

#include <vmwright/host/host.hpp>

#include <fmt/format.h>

#include <cstdio>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vw = vmwright;

struct ShellOptions
{
    std::string uri{};
    bool quiet{};
    bool read_only{};
    bool timing{};
    std::string escape{"^]"}; ///< of a console: a character, or ^ and one
};

/// By what a domain may be named.
struct NamedBy
{
    bool id{true};
    bool uuid{true};
    bool name{true};
};

/// What the commands of one vmsh share: its options, the Host, the ways to print.
class Shell
{
public:
    explicit Shell(ShellOptions options);

    [[nodiscard]] auto options() const -> ShellOptions const& { return options_; }

    /// Opened when it is first asked for. Its thread takes no signals.
    [[nodiscard]] auto host() -> vw::Host&;

    [[nodiscard]] auto supervisor() const -> Supervisor const& { return supervisor_; }

    /// Refuses an unknown one in virsh's words.
    [[nodiscard]] auto find_domain(std::string const& named, NamedBy by = {}) -> vw::Domain;
    [[nodiscard]] auto find_domain(Arguments const& arguments, NamedBy by = {}) -> vw::Domain;

    /// Refuses with -r. The name is that of libvirt's function that needs more.
    void require_write(std::string_view function) const;

    /// Does what may fail. What went wrong is told below the line `failed`; `file` is where a text came from.
    void attempt(std::string const& failed, std::function<void()> const& action, std::string_view file = {}) const;

    /// No further command is run.
    void quit() { has_quit_ = true; }
    [[nodiscard]] auto has_quit() const -> bool { return has_quit_; }

    /// What a command was asked for.
    template <class... Args>
    void print(fmt::format_string<Args...> format, Args&&... args) const
    {
        fmt::print(format, std::forward<Args>(args)...);
    }
    /// That a command has done what it should; -q leaves it out.
    template <class... Args>
    void tell(fmt::format_string<Args...> format, Args&&... args) const
    {
        if (!options_.quiet)
            fmt::print(format, std::forward<Args>(args)...);
    }

private:
    ShellOptions options_;
    Supervisor supervisor_{};
    std::optional<vw::Host> host_;
    bool has_quit_{};
};

/// To the error stream, after all that was printed.
void print_error(std::string_view line);

/// The lines that tell a person what went wrong, in libvirt's words where it has some.
[[nodiscard]] auto reasons(vw::Error const& error, std::string_view file = {}) -> std::vector<std::string>;

/// The bytes of a file.
[[nodiscard]] auto read_file(std::string const& path) -> std::string;
