// SPDX-License-Identifier: BSL-1.0
#include "catch.hpp"
#include "skip.hpp"

#include <vmwright/xml/document.hpp>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

using namespace vmwright;
using namespace std::string_view_literals;

namespace
{

/// A file without a name, which holds a text.
class TextFile
{
public:
    explicit TextFile(std::string_view text)
        : fd_{::open(std::getenv("TMPDIR") ? std::getenv("TMPDIR") : "/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)}
    {
        REQUIRE(fd_ >= 0);
        REQUIRE(::write(fd_, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
        REQUIRE(::lseek(fd_, 0, SEEK_SET) == 0);
    }
    TextFile(TextFile const&) = delete;
    auto operator=(TextFile const&) -> TextFile& = delete;
    ~TextFile() { ::close(fd_); }

    auto fd() const -> int { return fd_; }

private:
    int fd_;
};

/// Whether libxml2 takes a text; nothing when xmllint is not there.
auto xmllint_accepts(std::string_view text) -> std::optional<bool>
{
    TextFile const file{text};
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, file.fd(), STDIN_FILENO);
    ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    std::array words{std::string{"xmllint"}, std::string{"--noout"}, std::string{"--huge"}, std::string{"-"}};
    std::array<char*, 5> argv{words[0].data(), words[1].data(), words[2].data(), words[3].data(), nullptr};
    pid_t child{};
    auto const error = ::posix_spawnp(&child, "xmllint", &actions, nullptr, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    if (error == ENOENT)
        return std::nullopt;
    REQUIRE(error == 0);
    int status{};
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    return WEXITSTATUS(status) == 0;
}

auto we_accept(std::string_view text) -> bool
{
    Diagnostics out;
    return xml::Document::parse(text, out).has_root();
}

/// What we refuse on purpose and libxml2 takes.
auto is_exception(std::string_view text) -> bool
{
    if (text.find("<!DOCTYPE") != text.npos || text.find('\0') != text.npos)
        return true;
    Diagnostics out;
    (void)xml::Document::parse(text, out);
    return out.size() == 1 && out[0].message.ends_with("cannot be read"); // an encoding that we do not convert
}

constexpr std::array bases{
    "<?xml version=\"1.0\" encoding='UTF-8'?>\n<!-- one -->\n<domain type='kvm'>\n  <name a=\"b\">x &amp; y</name>\n"
    "  <q:r xmlns:q='http://u' q:s='&#65;'/><![CDATA[ <&> ]]>\n</domain>\n<?p q?>\n"sv,
    "<a><b c='d' e=\"f\"><?g h?><i/></b><!--j-->\xE5\x90\x8D&lt;</a>"sv,
    "\xEF\xBB\xBF<r \xC3\xA9='1'\n\tk = '&quot;&#x20;>' ><s></s ></r\n>\r\n"sv,
};

constexpr std::array pieces{
    "<"sv,
    ">"sv,
    "&"sv,
    "'"sv,
    "\""sv,
    "/"sv,
    "="sv,
    "-"sv,
    "--"sv,
    "]]>"sv,
    "<!--"sv,
    "-->"sv,
    "<![CDATA["sv,
    "?>"sv,
    "<?"sv,
    "<?xml "sv,
    "<?XML ?>"sv,
    "<a/>"sv,
    "</a>"sv,
    "<a>"sv,
    "&lt;"sv,
    "&x;"sv,
    "&#0;"sv,
    "&#x10FFFF;"sv,
    "&#xFFFE;"sv,
    " a='1'"sv,
    " c='1'"sv,
    ":"sv,
    "x:"sv,
    " "sv,
    "\n"sv,
    "\t"sv,
    "\x01"sv,
    "\x7F"sv,
    "\x80"sv,
    "\xC3\xA9"sv,
    "\xC3"sv,
    "1"sv,
    "."sv,
    "_"sv,
    "!"sv,
    "<!"sv,
    "</"sv,
    "/>"sv,
    "\xEF\xBB\xBF"sv,
    ";"sv,
    "#"sv,
    "\xC2\xB7"sv,
    "\xC3\x97"sv,
    "\xEF\xBF\xBF"sv,
    "<!DOCTYPE a>"sv,
    "encoding='latin1'"sv,
};

auto mutate(std::string text, std::mt19937& random) -> std::string
{
    // Not a distribution: its numbers would differ between standard libraries.
    auto const below = [&](std::size_t n) { return random() % n; };
    auto const at = below(text.size());
    auto const piece = pieces[below(pieces.size())];
    switch (below(5)) {
    case 0: return text.erase(at, 1 + below(3));
    case 1: return text.insert(at, text.substr(at, 1 + below(12)));
    case 2: return text.replace(at, 1, piece);
    case 3: {
        auto const from = below(text.size());
        return text.insert(at, text.substr(from, below(20)));
    }
    default: return text.insert(at, piece);
    }
}

void compare(std::string_view text)
{
    auto const theirs = xmllint_accepts(text).value();
    INFO("libxml2 " << (theirs ? "accepts" : "refuses") << ":\n" << text);
    CHECK((we_accept(text) == theirs || (theirs && is_exception(text))));
}

} // namespace

TEST_CASE("what libxml2 calls ill-formed is refused, and nothing else but the listed exceptions")
{
    if (!xmllint_accepts("<a/>"))
        return skip("xmllint is not installed");
    for (auto const base : bases)
        CHECK(xmllint_accepts(base).value());
    std::mt19937 random{20'231'125};
    for (int i = 0; i < 900; ++i) {
        std::string text{bases[static_cast<std::size_t>(i) % bases.size()]};
        for (int more = 0; more <= i % 2; ++more)
            text = text.empty() ? text : mutate(std::move(text), random);
        compare(text);
    }
}

TEST_CASE("known corners are judged as libxml2 does")
{
    if (!xmllint_accepts("<a/>"))
        return skip("xmllint is not installed");
    for (auto const text : {
             "<?XML b?><a/>"sv,
             "<a:b:c/>"sv,
             "<:a/>"sv,
             "<a xmlns:x='u' xmlns:y='u' x:b='' y:b=''/>"sv,
             "<a xmlns:x=''/>"sv,
             "<a xmlns:=''/>"sv,
             "<a b:=''/>"sv,
             "<?xml version='1.1'?><a/>"sv,
             "<?xml version='1.'?><a/>"sv,
             "<?xml version='1'?><a/>"sv,
             "<?xml?><a/>"sv,
             "<?xml version='1.0' encoding='latin1'?><a>\xE9</a>"sv,
             "<?xml version='1.0' encoding='UTF-16'?><a/>"sv,
             "<a>&#99999999999999999999;</a>"sv,
             "<a><!-----></a>"sv,
             "<a><!--->--></a>"sv,
             "<?a:b c?><a/>"sv,
             "<?a?b?><a/>"sv,
             "<a\xC2\xB7/>"sv,
             "<a>\xEF\xBB\xBF</a>"sv,
             "<a b=']]>'/>"sv,
             "<a xml:space='foo' xml:id='x y'/>"sv,
             "<xmlns:a/>"sv,
             ""sv,
             " "sv,
             "<!-- -->"sv,
         })
        compare(text);
}
