// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/machine/detail/system_failure.hpp>
#include <vmwright/machine/fake_machine.hpp>
#include <vmwright/machine/file_lock.hpp>

#include <boost/asio/append.hpp>
#include <boost/asio/post.hpp>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace vmwright::inline v0
{

namespace detail::fake_machine
{
namespace
{

constexpr auto own_id = ProcessId{.pid = 1000, .start_time = 1};

[[noreturn]] void refuse(int error, std::string_view verb, std::string const& path)
{
    errno = error;
    throw_file_failure(verb, path);
}

auto without_slash(std::string path) -> std::string
{
    while (path.size() > 1 && path.ends_with('/'))
        path.pop_back();
    return path;
}

auto parent(std::string const& path) -> std::string
{
    auto const slash = path.rfind('/');
    return slash == 0 || slash == path.npos ? "/" : path.substr(0, slash);
}

auto new_content() -> UniqueFd
{
    UniqueFd content{::memfd_create("vmwright-fake", MFD_CLOEXEC)};
    if (!content)
        throw system_failure(Errc::io_failed, "no memory for a file", errno);
    return content;
}

/// A way to open the same file anew.
auto link_to(UniqueFd const& content) -> std::string
{
    return "/proc/self/fd/" + std::to_string(content.get());
}

auto size_of(UniqueFd const& content) -> std::uint64_t
{
    return content ? static_cast<std::uint64_t>(::lseek(content.get(), 0, SEEK_END)) : 0;
}

} // namespace
} // namespace detail::fake_machine

FakeMachine::FakeMachine()
{
    for (auto const* path : {"/", "/usr", "/usr/bin"})
        nodes_[path] = {.type = FileType::directory, .mode = 0755};
}

void FakeMachine::announce(std::string_view function, std::string const& path) const
{
    if (on_file)
        on_file(function, path);
}

auto FakeMachine::find(std::string const& path) -> Node*
{
    auto const found = nodes_.find(detail::fake_machine::without_slash(path));
    return found == nodes_.end() ? nullptr : &found->second;
}

auto FakeMachine::place(std::string_view verb, std::string const& path, Node node) -> Node&
{
    using namespace detail::fake_machine;
    auto const* const directory = find(parent(path));
    if (directory == nullptr)
        refuse(ENOENT, verb, path);
    if (directory->type != FileType::directory)
        refuse(ENOTDIR, verb, path);
    auto& place = nodes_[path];
    if (place.type == FileType::directory)
        refuse(EISDIR, verb, path);
    return place = std::move(node);
}

auto FakeMachine::below(std::string const& path) -> std::pair<Nodes::iterator, Nodes::iterator>
{
    auto const directory = detail::fake_machine::without_slash(path);
    // '0' follows '/', so the range holds all that begins with the directory and a slash.
    if (directory == "/")
        return {nodes_.upper_bound("/"), nodes_.lower_bound("0")};
    return {nodes_.lower_bound(directory + "/"), nodes_.lower_bound(directory + "0")};
}

auto FakeMachine::runs() const -> std::vector<RunSpec>
{
    std::lock_guard const lock{mutex_};
    return runs_;
}

auto FakeMachine::processes() const -> std::vector<std::shared_ptr<FakeProcess>>
{
    std::lock_guard const lock{mutex_};
    std::vector<std::shared_ptr<FakeProcess>> list;
    for (auto const& [id, process] : processes_)
        list.push_back(process);
    return list;
}

void FakeMachine::reboot()
{
    for (auto const& process : processes())
        process->end({});
    std::lock_guard const lock{mutex_};
    ++boots_;
}

auto FakeMachine::spawn(ProcessSpec const& spec) -> Process
{
    auto process = std::make_shared<FakeProcess>(spec);
    if (on_spawn)
        on_spawn(process);
    std::lock_guard const lock{mutex_};
    auto const number = static_cast<int>(processes_.size()) + 1;
    auto const& own = detail::fake_machine::own_id;
    ProcessId const id{own.pid + number, own.start_time + static_cast<std::uint64_t>(number)};
    processes_.emplace_back(id, process);
    return {id, process};
}

auto FakeMachine::open_process(ProcessId id) -> Process
{
    std::lock_guard const lock{mutex_};
    for (auto const& [known, backend] : processes_)
        if (Process const process{known, backend}; known == id && !process.has_ended())
            return process;
    return {};
}

auto FakeMachine::processes_with(std::string const& path) -> std::vector<ProcessId>
{
    std::lock_guard const lock{mutex_};
    std::vector<ProcessId> list;
    if (auto const* const node = find(path); node != nullptr && node->content)
        for (auto const& [id, process] : processes_)
            if (process->has_open(node->content.get()))
                list.push_back(id);
    return list;
}

auto FakeMachine::self() -> ProcessId
{
    return detail::fake_machine::own_id;
}

auto FakeMachine::find_program(std::string_view name) -> std::optional<std::string>
{
    auto path = "/usr/bin/" + std::string{name};
    std::lock_guard const lock{mutex_};
    auto const* const node = find(path);
    if (node == nullptr || node->type != FileType::regular)
        return std::nullopt;
    return path;
}

void FakeMachine::start_run(RunSpec spec, boost::asio::any_io_executor executor, RunHandler handler)
{
    {
        std::lock_guard const lock{mutex_};
        runs_.push_back(spec);
    }
    std::exception_ptr failure;
    RunResult result;
    try {
        if (!on_run)
            throw detail::system_failure(Errc::spawn_failed, "cannot start '" + spec.executable + "'", ENOENT,
                                         "spawn: exec");
        result = on_run(spec);
    } catch (...) {
        failure = std::current_exception();
    }
    boost::asio::post(executor, boost::asio::append(std::move(handler), failure, std::move(result)));
}

auto FakeMachine::read_file(std::string const& path, std::size_t limit) -> std::string
{
    using namespace detail::fake_machine;
    announce("read_file", path);
    std::lock_guard const lock{mutex_};
    auto const* const node = find(path);
    if (node == nullptr)
        refuse(ENOENT, "read", path);
    if (!node->content)
        refuse(node->type == FileType::directory ? EISDIR : ENXIO, "read", path);
    auto const size = size_of(node->content);
    if (size > limit)
        throw Error{Errc::limit_exceeded, "'" + path + "' is longer than " + std::to_string(limit) + " bytes"};
    std::string text(size, '\0');
    if (::pread(node->content.get(), text.data(), size, 0) != static_cast<ssize_t>(size))
        detail::throw_file_failure("read", path);
    return text;
}

void FakeMachine::write_file(std::string const& path, std::string_view text, WriteOptions options)
{
    using namespace detail::fake_machine;
    announce("write_file", path);
    auto content = new_content();
    if (::write(content.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        detail::throw_file_failure("write", path);
    std::lock_guard const lock{mutex_};
    place("write", path, {.type = FileType::regular, .mode = options.mode, .content = std::move(content)});
}

void FakeMachine::append_lines(std::string const& path, std::string_view lines)
{
    vmwright::append_lines(open_file(path, {.append = true, .create = true}).get(), lines);
}

void FakeMachine::remove_unfinished(std::string const& directory)
{
    announce("remove_unfinished", directory);
}

auto FakeMachine::open_file(std::string const& path, OpenOptions options) -> UniqueFd
{
    using namespace detail::fake_machine;
    announce("open_file", path);
    std::lock_guard const lock{mutex_};
    auto* node = find(path);
    if (node == nullptr && options.create)
        node = &place("open", path, {.type = FileType::regular, .mode = options.mode, .content = new_content()});
    if (node == nullptr)
        refuse(ENOENT, "open", path);
    if (!node->content)
        refuse(node->type == FileType::directory ? EISDIR : ENXIO, "open", path);
    auto flags = O_CLOEXEC | (options.write || options.append ? O_RDWR : O_RDONLY);
    flags |= (options.append ? O_APPEND : 0) | (options.truncate ? O_TRUNC : 0);
    UniqueFd file{::open(link_to(node->content).c_str(), flags)};
    if (!file)
        detail::throw_file_failure("open", path);
    return file;
}

auto FakeMachine::status(std::string const& path) -> std::optional<FileStatus>
{
    announce("status", path);
    std::lock_guard const lock{mutex_};
    auto const* const node = find(path);
    if (node == nullptr)
        return std::nullopt;
    struct stat content
    {
    };
    if (node->content)
        ::fstat(node->content.get(), &content);
    using namespace std::chrono;
    auto const modified = seconds{content.st_mtim.tv_sec} + nanoseconds{content.st_mtim.tv_nsec};
    return FileStatus{
        .type = node->type,
        .mode = node->mode,
        .size = static_cast<std::uint64_t>(content.st_size),
        .owner = ::getuid(),
        .group = ::getgid(),
        .modified = system_clock::time_point{duration_cast<system_clock::duration>(modified)},
        .device = 1,
        .inode = content.st_ino,
    };
}

auto FakeMachine::remove(std::string const& path) -> bool
{
    using namespace detail::fake_machine;
    announce("remove", path);
    std::lock_guard const lock{mutex_};
    if (auto const [first, last] = below(path); first != last)
        refuse(ENOTEMPTY, "remove", path);
    return nodes_.erase(without_slash(path)) > 0;
}

void FakeMachine::rename(std::string const& from, std::string const& to)
{
    using namespace detail::fake_machine;
    announce("rename", from);
    std::lock_guard const lock{mutex_};
    auto* const node = find(from);
    if (node == nullptr)
        refuse(ENOENT, "rename", from);
    place("rename", to, std::move(*node));
    nodes_.erase(from);
    auto const [first, last] = below(from);
    std::vector<std::string> moved;
    for (auto entry = first; entry != last; ++entry)
        moved.push_back(entry->first);
    for (auto const& path : moved) {
        auto entry = nodes_.extract(path);
        entry.key() = to + path.substr(from.size());
        nodes_.insert(std::move(entry));
    }
}

void FakeMachine::make_directories(std::string const& path, std::uint32_t mode)
{
    using namespace detail::fake_machine;
    announce("make_directories", path);
    auto const whole = without_slash(path);
    std::lock_guard const lock{mutex_};
    for (auto end = whole.find('/', 1);; end = whole.find('/', end + 1)) {
        auto const part = whole.substr(0, end);
        auto const* const node = find(part);
        if (node == nullptr)
            place("make the directory", part, {.type = FileType::directory, .mode = mode});
        else if (node->type != FileType::directory)
            refuse(end == whole.npos ? EEXIST : ENOTDIR, "make the directory", path);
        if (end == whole.npos)
            return;
    }
}

void FakeMachine::make_fifo(std::string const& path, std::uint32_t mode)
{
    using namespace detail::fake_machine;
    announce("make_fifo", path);
    std::lock_guard const lock{mutex_};
    if (find(path) != nullptr)
        refuse(EEXIST, "make the fifo", path);
    place("make the fifo", path, {.type = FileType::fifo, .mode = mode, .content = new_content()});
}

auto FakeMachine::list_directory(std::string const& path) -> std::vector<std::string>
{
    using namespace detail::fake_machine;
    announce("list_directory", path);
    std::lock_guard const lock{mutex_};
    auto const* const node = find(path);
    if (node == nullptr)
        refuse(ENOENT, "list", path);
    if (node->type != FileType::directory)
        refuse(ENOTDIR, "list", path);
    std::vector<std::string> names;
    auto const directory = without_slash(path);
    auto const [first, last] = below(path);
    for (auto entry = first; entry != last; ++entry)
        if (parent(entry->first) == directory)
            names.push_back(entry->first.substr(entry->first.rfind('/') + 1));
    return names;
}

auto FakeMachine::try_lock(std::string const& path) -> UniqueFd
{
    using namespace detail::fake_machine;
    announce("try_lock", path);
    std::lock_guard const lock{mutex_};
    auto* node = find(path);
    if (node == nullptr)
        node = &place("open", path, {.type = FileType::regular, .mode = 0600, .content = new_content()});
    return try_lock_file(link_to(node->content));
}

auto FakeMachine::wait_for_lock(std::string const& path) -> UniqueFd
{
    using namespace detail::fake_machine;
    announce("wait_for_lock", path);
    std::string file;
    {
        std::lock_guard const lock{mutex_};
        auto* node = find(path);
        if (node == nullptr)
            node = &place("open", path, {.type = FileType::regular, .mode = 0600, .content = new_content()});
        file = link_to(node->content);
    }
    return wait_for_lock_file(file);
}

auto FakeMachine::replace_lock(std::string const& path, std::string_view text) -> UniqueFd
{
    using namespace detail::fake_machine;
    announce("replace_lock", path);
    std::lock_guard const lock{mutex_};
    auto& node = place("lock", path, {.type = FileType::regular, .mode = 0600, .content = new_content()});
    auto file = try_lock_file(link_to(node.content));
    write_all(file.get(), text);
    return file;
}

auto FakeMachine::is_locked(std::string const& path) -> bool
{
    announce("is_locked", path);
    std::lock_guard const lock{mutex_};
    auto const* const node = find(path);
    return node != nullptr && node->content && file_is_locked(detail::fake_machine::link_to(node->content));
}

auto FakeMachine::listen(std::string const& path, int backlog) -> UniqueFd
{
    using namespace detail::fake_machine;
    announce("listen", path);
    std::lock_guard const lock{mutex_};
    if (find(path) != nullptr)
        refuse(EADDRINUSE, "listen at", path);
    UniqueFd listener{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    // Bound to no name at all, it is given a free one of the abstract kind.
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    if (!listener || ::bind(listener.get(), generic, sizeof address.sun_family) < 0 ||
        ::listen(listener.get(), backlog) < 0 || ::getsockname(listener.get(), generic, &size) < 0)
        detail::throw_file_failure("listen at", path);
    std::string bytes(size, '\0');
    std::memcpy(bytes.data(), &address, size);
    place("listen at", path, {.type = FileType::socket, .mode = 0600, .address = std::move(bytes)});
    return listener;
}

auto FakeMachine::connect(std::string const& path) -> Connection
{
    announce("connect", path);
    std::lock_guard const lock{mutex_};
    auto const* const node = find(path);
    if (node == nullptr)
        return {.outcome = ConnectOutcome::absent};
    UniqueFd socket{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    auto const* const address = reinterpret_cast<sockaddr const*>(node->address.data());
    if (socket && ::connect(socket.get(), address, static_cast<socklen_t>(node->address.size())) == 0)
        return {ConnectOutcome::connected, std::move(socket)};
    if (errno == EAGAIN)
        return {.outcome = ConnectOutcome::busy};
    return {.outcome = ConnectOutcome::refused};
}

auto FakeMachine::socket_pair() -> std::pair<UniqueFd, UniqueFd>
{
    return unix_pair();
}

auto FakeMachine::port_is_taken(std::uint16_t port) -> bool
{
    return ports_taken.contains(port);
}

void FakeMachine::fill_random(std::span<std::byte> bytes)
{
    std::lock_guard const lock{mutex_};
    // A linear congruential generator; its upper bits are the good ones.
    for (auto& byte : bytes) {
        random_ = random_ * 6364136223846793005U + 1442695040888963407U;
        byte = static_cast<std::byte>(random_ >> 56);
    }
}

auto FakeMachine::boot_id() -> std::string
{
    std::lock_guard const lock{mutex_};
    auto const number = std::to_string(boots_);
    return "00000000-0000-0000-0000-" + std::string(12 - number.size(), '0') + number;
}

} // namespace vmwright::inline v0
