// SPDX-License-Identifier: BSL-1.0
#include "shell.hpp"

#include "signals.hpp"

#include <vmwright/qemu/profiles.hpp>
#include <vmwright/qmp/error.hpp>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <system_error>

#include <sys/stat.h>
#include <unistd.h>

namespace
{

auto default_uri() -> std::string
{
    for (auto const* const name : {"VIRSH_DEFAULT_CONNECT_URI", "LIBVIRT_DEFAULT_URI"})
        if (auto const* const uri = std::getenv(name); uri != nullptr && *uri != '\0')
            return uri;
    return geteuid() == 0 ? "qemu:///system" : "qemu:///session";
}

/// Nothing when there is no such domain.
template <class Key>
auto find(vw::Host const& host, Key const& key) -> std::optional<vw::Domain>
{
    try {
        return host.find_domain(key);
    } catch (vw::Error const& error) {
        if (error.code() == vw::Errc::not_found)
            return std::nullopt;
        throw;
    }
}

auto as_id(std::string const& word) -> std::optional<int>
{
    int id{};
    auto const* const end = word.data() + word.size();
    auto const read = std::from_chars(word.data(), end, id);
    return read.ec == std::errc{} && read.ptr == end && id >= 0 ? std::optional{id} : std::nullopt;
}

auto as_uuid(std::string const& word) -> std::optional<vw::Uuid>
{
    constexpr std::size_t length = 36;
    return word.size() == length ? vw::Uuid::parse(word) : std::nullopt;
}

/// `FILE:LINE:COL: NODE: MESSAGE; HINT`.
auto placed(vw::Diagnostic const& diagnostic, std::string_view file) -> std::string
{
    auto const text = format(diagnostic);
    auto const words = std::string_view{text}.substr(text.find(' ') + 1);
    if (file.empty())
        return std::string{words};
    if (diagnostic.where.line == 0)
        return fmt::format("{}: {}", file, words);
    return fmt::format("{}:{}:{}: {}", file, diagnostic.where.line, diagnostic.where.column, words);
}

auto prefix(std::error_code const& code) -> std::string_view
{
    if (code == vw::Errc::not_running || code == vw::Errc::wrong_state)
        return "Requested operation is not valid: ";
    if (code == vw::Errc::invalid_argument)
        return "invalid argument: ";
    return code == vw::Errc::already_exists ? "operation failed: " : "";
}

} // namespace

Shell::Shell(ShellOptions options)
    : options_{std::move(options)}
{
    if (options_.uri.empty())
        options_.uri = default_uri();
}

auto Shell::host() -> vw::Host&
{
    if (host_)
        return *host_;
    try {
        // A thread begins with the mask of the one that made it.
        BlockedSignals const none_for_its_thread{all_signals()};
        host_ = vw::Host::open(options_.uri, {.profile_text = &vw::qemu::profile_text, .program = "vmsh"});
    } catch (vw::Error const& error) {
        auto lines = reasons(error);
        lines.insert(lines.begin(), "failed to connect to the hypervisor");
        throw Refusal{std::move(lines)};
    }
    return *host_;
}

auto Shell::find_domain(std::string const& named, NamedBy by) -> vw::Domain
{
    std::optional<vw::Domain> found;
    if (auto const id = as_id(named); id && by.id)
        found = find(host(), *id);
    if (auto const uuid = as_uuid(named); uuid && by.uuid && !found)
        found = find(host(), *uuid);
    if (by.name && !found)
        found = find(host(), std::string_view{named});
    if (!found)
        throw Refusal{fmt::format("failed to get domain '{}'", named)};
    return *found;
}

auto Shell::find_domain(Arguments const& arguments, NamedBy by) -> vw::Domain
{
    return find_domain(arguments.required_text("domain"), by);
}

void Shell::require_write(std::string_view function) const
{
    if (options_.read_only)
        throw Refusal{fmt::format("operation forbidden: read only access prevents {}", function)};
}

void Shell::attempt(std::string const& failed, std::function<void()> const& action, std::string_view file) const
{
    std::vector<std::string> lines;
    try {
        return action();
    } catch (Refusal const& refusal) {
        lines = refusal.lines();
    } catch (vw::Error const& error) {
        lines = reasons(error, file);
    }
    lines.insert(lines.begin(), failed);
    throw Refusal{std::move(lines)};
}

void print_error(std::string_view line)
{
    std::fflush(stdout);
    fmt::print(stderr, "error: {}\n", line);
}

auto reasons(vw::Error const& error, std::string_view file) -> std::vector<std::string>
{
    std::vector<std::string> lines;
    if (auto const* const config = dynamic_cast<vw::ConfigError const*>(&error)) {
        for (auto const& diagnostic : config->diagnostics())
            if (diagnostic.severity == vw::Severity::error)
                lines.push_back(placed(diagnostic, file));
        return lines;
    }
    if (auto const* const refusal = dynamic_cast<vw::qmp::CommandError const*>(&error))
        return {fmt::format("internal error: unable to execute QEMU command '{}': {}", error.context().step,
                            refusal->description())};
    auto const& [object, step, hint, detail, cause] = error.context();
    // The domain stands in the line before; its device does not.
    auto const device = object.find(", ");
    auto line = fmt::format("{}{}{}{}", prefix(error.code()), device == object.npos ? "" : object.substr(device + 2),
                            device == object.npos ? "" : ": ", error.message());
    if (!hint.empty())
        line += fmt::format("; {}", hint);
    if (!detail.empty())
        line += fmt::format("\n{}", detail);
    lines.push_back(std::move(line));
    return lines;
}

auto read_file(std::string const& path) -> std::string
{
    std::ifstream file{path, std::ios::binary};
    if (!file)
        throw Refusal{fmt::format("Failed to open file '{}': {}", path, std::generic_category().message(errno))};
    struct stat found
    {
    };
    if (stat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode))
        throw Refusal{fmt::format("Failed to read file '{}': {}", path, std::generic_category().message(EISDIR))};
    return {std::istreambuf_iterator<char>{file}, {}};
}
