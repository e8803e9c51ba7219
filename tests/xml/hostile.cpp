// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"

#include <vmwright/xml/document.hpp>
#include <vmwright/xml/domain.hpp>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <string>

using namespace vmwright;
using namespace std::string_literals;

namespace
{

#if defined(__SANITIZE_ADDRESS__)
constexpr bool is_sanitized = true;
#elif defined(__has_feature)
constexpr bool is_sanitized = __has_feature(address_sanitizer);
#else
constexpr bool is_sanitized = false;
#endif

#if defined(__OPTIMIZE__)
constexpr bool is_optimized = true;
#else
constexpr bool is_optimized = false;
#endif

constexpr double most_seconds = is_sanitized ? 10 : is_optimized ? 1 : 3;
constexpr long most_kilobytes = is_sanitized ? 1'000'000 : 64'000;

constexpr std::size_t largest = 16 << 20;

auto repeat(std::string_view what, std::size_t times) -> std::string
{
    std::string text;
    text.reserve(what.size() * times);
    for (std::size_t i = 0; i < times; ++i)
        text += what;
    return text;
}

auto between(std::string_view before, std::string_view what, std::string_view after) -> std::string
{
    return std::string{before} + repeat(what, (largest - before.size() - after.size()) / what.size()) + std::string{after};
}

/// What happened to a text in a process of its own.
struct Outcome
{
    bool as_expected{};
    double seconds{};
    long kilobytes{}; ///< of the process, the text itself included
};

auto processor_seconds() -> double
{
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    auto const seconds = [](timeval t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6; };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

using Make = std::function<std::string()>;
/// Whether a text was taken, or refused, as it should be.
using Try = std::function<bool(std::string const& text)>;

auto try_here(Make const& make, Try const& attempt) -> Outcome
{
    auto const text = make();
    auto const before = processor_seconds();
    auto const is_good = attempt(text);
    return {.as_expected = is_good, .seconds = processor_seconds() - before};
}

auto try_apart(Make const& make, Try const& attempt) -> Outcome
{
    int ends[2]{};
    REQUIRE(::pipe(ends) == 0);
    auto const child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        auto const outcome = try_here(make, attempt);
        ::_exit(::write(ends[1], &outcome, sizeof outcome) == sizeof outcome ? 0 : 1);
    }
    ::close(ends[1]);
    Outcome outcome;
    auto const received = ::read(ends[0], &outcome, sizeof outcome);
    ::close(ends[0]);
    int status{};
    rusage usage{};
    REQUIRE(::wait4(child, &status, 0, &usage) == child);
    REQUIRE(received == sizeof outcome);
    outcome.kilobytes = usage.ru_maxrss;
    return outcome;
}

void check_cost(char const* what, Make const& make, Try const& attempt)
{
    auto const outcome = try_apart(make, attempt);
    INFO(what << ": " << outcome.seconds << " s, " << outcome.kilobytes << " kB");
    CHECK(outcome.as_expected);
    CHECK(outcome.seconds <= most_seconds);
    CHECK(outcome.kilobytes <= most_kilobytes);
}

/// `expected` is a part of the first error's message; empty when there must be none.
void check(char const* what, std::string_view expected, Make const& make)
{
    check_cost(what, make, [expected](std::string const& text) {
        Diagnostics out;
        auto const document = xml::Document::parse(text, out);
        return expected.empty() ? document.has_root() && !out.has_errors()
                                : out.has_errors() && out[0].message.find(expected) != std::string::npos;
    });
}

/// `expected` is a part of one of the messages; empty when there must be no error.
void check_devices(char const* what, std::string_view expected, std::string_view device, std::size_t count)
{
    auto const make = [&] {
        return "<domain type='qemu'><name>a</name><os><type>hvm</type></os><devices>" + repeat(device, count) +
               "</devices></domain>";
    };
    check_cost(what, make, [expected](std::string const& text) {
        auto const parsed = xml::read_domain(text);
        if (expected.empty())
            return !parsed.has_errors();
        return std::any_of(parsed.diagnostics.begin(), parsed.diagnostics.end(), [&](Diagnostic const& diagnostic) {
            return diagnostic.message.find(expected) != std::string::npos;
        });
    });
}

} // namespace

TEST_CASE("hostile texts cost less than a second and 64 MB")
{
    check("empty", "empty", [] { return ""s; });
    check("entity bomb", "DOCTYPE", [] {
        auto text = "<!DOCTYPE a [<!ENTITY b0 'b'>"s;
        for (int i = 1; i < 30; ++i)
            text += "<!ENTITY b" + std::to_string(i) + " '" + repeat("&b" + std::to_string(i - 1) + ";", 10) + "'>";
        return text + "]><a>&b29;</a>";
    });
    check("a NUL byte", "NUL", [] { return "<a>\0</a>"s; });
    check("NUL bytes alone", "NUL", [] { return std::string(largest, '\0'); });
    check("256 deep", "", [] { return repeat("<a>", 256) + repeat("</a>", 256); });
    check("3,000,000 deep", "deeper than the limit of 256", [] { return repeat("<a>", 3'000'000); });
    check("17 MiB", "the limit is 16777216", [] { return "<a>" + std::string(17 << 20, 'x') + "</a>"; });
    check("one byte too many", "the limit is 16777216", [] { return "<a>" + std::string(largest - 6, 'x') + "</a>"; });
}

TEST_CASE("texts of 16 MiB cost less than a second and 64 MB")
{
    check("one text", "", [] { return between("<a>", "x", "</a>"); });
    check("one attribute", "", [] { return between("<a b='", "\xE5\x90\x8D", "'/>"); });
    check("line ends", "", [] { return between("<a>", "\n", "</a>"); });
    check("carriage returns", "", [] { return between("<a>", "\r\n", "</a>"); });
    check("references", "", [] { return between("<a>", "&lt;", "</a>"); });
    check("brackets", "", [] { return between("<a>", "]", "</a>"); });
    check("one comment", "", [] { return between("<!--", " -", " --><a/>"); });
    check("white space in a tag", "", [] { return between("<a", " ", "/>"); });
    check("a long name", "", [] { return between("<", "\xE5\x90\x8D", "/>"); });
    check("less-than signs", "no tag", [] { return std::string(largest, '<'); });
    check("ampersands", "stands alone", [] { return between("<a>", "&", "</a>"); });
    check("hyphens", "'--' inside", [] { return between("<!--", "-", ""); });
    check("control characters", "U+0001", [] { return between("<a>", "\x01", "</a>"); });
    check("an open comment", "comment is not closed", [] { return between("<a><!--", "x", "</a>"); });
    check("open comments", "'--' inside", [] { return between("<a>", "<!--", "</a>"); });
    check("empty elements", "more nodes", [] { return between("<a>", "<a/>", "</a>"); });
    check("attributes", "more nodes", [] { return between("<a", " a=''", "/>"); });
    check("comments", "more nodes", [] { return between("<a>", "<!---->", "</a>"); });
    check("UTF-16", "", [] { return between("\xFF\xFE", " \0"s, "<\0a\0/\0>\0"s); });
}

TEST_CASE("as many nodes as are allowed, in 16 MiB, cost less than a second and 64 MB")
{
    constexpr std::size_t count = (1 << 16) - 2;
    auto const fill = [](std::string text, std::string_view end) {
        text += std::string(largest - text.size() - end.size(), ' ');
        return text += end;
    };
    check("siblings of one name", "", [&] { return fill("<a>" + repeat("<b/>", count), "x</a>"); });
    check("siblings of different names", "", [&] {
        auto text = "<a>"s;
        for (std::size_t i = 0; i < count; ++i)
            text += "<b" + std::to_string(i * 7919 % count) + "/>";
        return fill(std::move(text), "x</a>");
    });
    check("different attributes", "", [&] {
        auto text = "<a"s;
        for (std::size_t i = 0; i < count; ++i)
            text += " b" + std::to_string(i) + "=''";
        return fill(std::move(text), "/>");
    });
    check("declared prefixes", "", [&] {
        auto text = "<a"s;
        for (std::size_t i = 0; i < count / 2; ++i)
            text += " xmlns:b" + std::to_string(i) + "='' b" + std::to_string(i) + ":c=''";
        return fill(std::move(text), "/>");
    });
    check("undeclared prefixes", "", [&] {
        auto text = "<a>"s;
        for (std::size_t i = 0; i < count; ++i)
            text += "<b" + std::to_string(i) + ":c/>";
        return fill(std::move(text), "x</a>");
    });
}

TEST_CASE("many devices cost less than a second and 64 MB")
{
    check_devices("more disks than are allowed", "more than the limit of 8388608 bytes", "<disk/>", 65'000);
    check_devices("many disks", "", "<disk/>", 3'000);
    check_devices("many unknown elements", "<disk> has no element 'a'", "<disk><a/></disk>", 3'000);
}

TEST_CASE("a hostile text does not cost its size in messages, and stays refused")
{
    std::string text = "<domain type='no'";
    for (int i = 0; i < 1000; ++i)
        text += " b" + std::to_string(i) + "=''";
    auto const unknown = xml::read_domain(text + ">" + repeat("<c/>", 1000) + "</domain>");
    CHECK(unknown.diagnostics.size() < 300);
    CHECK(unknown.has_errors());
    auto const wrong = xml::read_domain("<domain><devices>" + repeat("<disk type='no'/>", 1000) + "</devices></domain>");
    CHECK(wrong.diagnostics.size() < 300);
    CHECK(wrong.has_errors());
}
