// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "support.hpp"
#include "temporary_directory.hpp"

#include <vmwright/machine/local_machine.hpp>

#include <csignal>
#include <cstring>
#include <sys/resource.h>
#include <sys/stat.h>

using namespace vmwright;

namespace
{

/// Files of this process may grow no further while it lives; a write beyond fails with EFBIG.
class FileSizeLimit
{
public:
    explicit FileSizeLimit(rlim_t size)
    {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        rlimit const limit{size, before_.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        handler_ = std::signal(SIGXFSZ, SIG_IGN);
    }
    FileSizeLimit(FileSizeLimit const&) = delete;
    auto operator=(FileSizeLimit const&) -> FileSizeLimit& = delete;
    ~FileSizeLimit()
    {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }

private:
    rlimit before_{};
    void (*handler_)(int){};
};

} // namespace

TEST_CASE("A file is written whole, with its mode, and read back")
{
    LocalMachine machine;
    TemporaryDirectory const directory;
    auto const path = directory / "file";
    machine.write_file(path, "text");
    CHECK(machine.read_file(path) == "text");
    CHECK(machine.status(path)->mode == 0600);
    machine.write_file(path, "other", {.mode = 0644, .durable = false});
    CHECK(machine.read_file(path) == "other");
    CHECK(machine.status(path)->mode == 0644);
    CHECK(machine.list_directory(directory.path()) == std::vector<std::string>{"file"});

    auto const longest = directory / std::string(255, 'n');
    machine.write_file(longest, "text");
    CHECK(machine.read_file(longest) == "text");
}

TEST_CASE("A write that fails keeps the old file and leaves no other")
{
    LocalMachine machine;
    TemporaryDirectory const directory;
    auto const path = directory / "file";
    machine.write_file(path, "old");
    auto const error = error_of([&] {
        FileSizeLimit const limit{100'000};
        machine.write_file(path, std::string(200'000, 'x'));
    });
    REQUIRE(error);
    CHECK(error->code() == Errc::io_failed);
    CHECK(error->context().cause == std::errc::file_too_large);
    CHECK(machine.read_file(path) == "old");

    machine.make_directories(directory / "dir/below");
    CHECK(error_of([&] { machine.write_file(directory / "dir", "text"); }));
    CHECK(machine.list_directory(directory.path()) == std::vector<std::string>{"dir", "file"});

    auto const vanished = error_of([&] { machine.write_file(directory / "gone/file", "text"); });
    REQUIRE(vanished);
    CHECK(vanished->context().cause == std::errc::no_such_file_or_directory);
    CHECK(vanished->message() == "cannot write '" + (directory / "gone/file") + "': No such file or directory");
}

TEST_CASE("Reading stops at the limit")
{
    LocalMachine machine;
    TemporaryDirectory const directory;
    auto const path = directory / "file";
    machine.write_file(path, "12345678");
    CHECK(machine.read_file(path, 8) == "12345678");
    CHECK(error_of([&] { static_cast<void>(machine.read_file(path, 7)); })->code() == Errc::limit_exceeded);
    CHECK(error_of([&] { static_cast<void>(machine.read_file("/dev/zero")); })->code() == Errc::limit_exceeded);
    CHECK(error_of([&] { static_cast<void>(machine.read_file(directory.path())); })->context().cause ==
          std::errc::is_a_directory);
}

TEST_CASE("Directories are made with those above them, private, and what is there stays")
{
    LocalMachine machine;
    TemporaryDirectory const directory;
    ::chmod(directory.path().c_str(), 0750);
    auto const path = directory / "a/b/c";
    machine.make_directories(path);
    machine.make_directories(path + "/");
    CHECK(machine.status(path)->type == FileType::directory);
    CHECK(machine.status(directory / "a")->mode == 0700);
    CHECK(machine.status(directory.path())->mode == 0750);

    machine.write_file(directory / "file", "");
    CHECK(error_of([&] { machine.make_directories(directory / "file"); })->context().cause == std::errc::file_exists);
    CHECK(error_of([&] { machine.make_directories(directory / "file/below"); })->context().cause ==
          std::errc::not_a_directory);
}

TEST_CASE("What is not there is no error to remove or to look at")
{
    LocalMachine machine;
    TemporaryDirectory const directory;
    machine.write_file(directory / "file", "");
    machine.make_directories(directory / "full/empty");
    CHECK(machine.remove(directory / "file"));
    CHECK_FALSE(machine.remove(directory / "file"));
    CHECK_FALSE(machine.status(directory / "file"));
    CHECK(error_of([&] { machine.remove(directory / "full"); })->context().cause == std::errc::directory_not_empty);
    CHECK(machine.remove(directory / "full/empty"));
    CHECK(machine.remove(directory / "full"));
}

TEST_CASE("A file can be renamed")
{
    LocalMachine machine;
    TemporaryDirectory const directory;
    machine.write_file(directory / "old", "text");
    machine.rename(directory / "old", directory / "new");
    CHECK(machine.list_directory(directory.path()) == std::vector<std::string>{"new"});
    CHECK(error_of([&] { machine.rename(directory / "old", directory / "new"); }));
}

TEST_CASE("A log is appended to, whoever writes")
{
    LocalMachine machine;
    TemporaryDirectory const directory;
    auto const path = directory / "log";
    auto const first = machine.open_file(path, {.append = true, .create = true});
    auto const second = machine.open_file(path, {.append = true});
    CHECK(machine.status(path)->mode == 0600);
    CHECK(::write(first.get(), "one ", 4) == 4);
    CHECK(::write(second.get(), "two ", 4) == 4);
    CHECK(::write(first.get(), "three", 5) == 5);
    CHECK(read_to_end(machine.open_file(path).get()) == "one two three");
    CHECK((::fcntl(first.get(), F_GETFD) & FD_CLOEXEC) != 0);
    static_cast<void>(machine.open_file(path, {.write = true, .truncate = true}));
    CHECK(machine.read_file(path).empty());
    CHECK(error_of([&] { static_cast<void>(machine.open_file(directory / "other")); }));
}

TEST_CASE("A fifo takes a word before anybody reads it")
{
    LocalMachine machine;
    TemporaryDirectory const directory;
    machine.make_fifo(directory / "fifo");
    auto const fifo = machine.open_file(directory / "fifo", {.write = true});
    CHECK(::write(fifo.get(), "word", 4) == 4);
    std::array<char, 8> text{};
    CHECK(::read(machine.open_file(directory / "fifo").get(), text.data(), text.size()) == 4);
}

TEST_CASE("The status of a file tells its type, and changes with it")
{
    LocalMachine machine;
    TemporaryDirectory const directory;
    machine.make_fifo(directory / "fifo");
    CHECK(machine.status(directory / "fifo")->type == FileType::fifo);
    CHECK(machine.status(directory / "fifo")->mode == 0600);
    CHECK(machine.status("/dev/null")->type == FileType::character_device);

    machine.write_file(directory / "file", "text");
    auto const before = machine.status(directory / "file");
    CHECK(before->size == 4);
    CHECK(before->owner == ::getuid());
    CHECK(std::chrono::abs(std::chrono::system_clock::now() - before->modified) < std::chrono::minutes{1});
    CHECK(machine.status(directory / "file") == before);
    machine.write_file(directory / "file", "same");
    CHECK(machine.status(directory / "file") != before);
}

TEST_CASE("Facts of the machine")
{
    LocalMachine machine;
    CHECK(machine.boot_id().size() == 36);
    CHECK(machine.boot_id() == machine.boot_id());
    CHECK(machine.self().pid == ::getpid());
    CHECK(Process::open(machine.self()));
    CHECK(machine.find_program("sh").value_or("").ends_with("/sh"));
    CHECK_FALSE(machine.find_program("no-such-program"));
    CHECK_FALSE(machine.find_program(""));

    std::array<std::byte, 16> first{};
    std::array<std::byte, 16> second{};
    machine.fill_random(first);
    machine.fill_random(second);
    CHECK(first != second);
}
