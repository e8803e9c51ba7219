// SPDX-License-Identifier: BSL-1.0
#include "keys.hpp"

#include "command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>

namespace
{

/// A key of a PC keyboard: its name and code in Linux, its number in QEMU.
struct Key
{
    std::string_view name{};
    std::uint32_t code{};
    std::uint32_t number{};
};

constexpr Key keys[] = {
    Key{"KEY_ESC", 1, 0x1},
    Key{"KEY_1", 2, 0x2},
    Key{"KEY_2", 3, 0x3},
    Key{"KEY_3", 4, 0x4},
    Key{"KEY_4", 5, 0x5},
    Key{"KEY_5", 6, 0x6},
    Key{"KEY_6", 7, 0x7},
    Key{"KEY_7", 8, 0x8},
    Key{"KEY_8", 9, 0x9},
    Key{"KEY_9", 10, 0xa},
    Key{"KEY_0", 11, 0xb},
    Key{"KEY_MINUS", 12, 0xc},
    Key{"KEY_EQUAL", 13, 0xd},
    Key{"KEY_BACKSPACE", 14, 0xe},
    Key{"KEY_TAB", 15, 0xf},
    Key{"KEY_Q", 16, 0x10},
    Key{"KEY_W", 17, 0x11},
    Key{"KEY_E", 18, 0x12},
    Key{"KEY_R", 19, 0x13},
    Key{"KEY_T", 20, 0x14},
    Key{"KEY_Y", 21, 0x15},
    Key{"KEY_U", 22, 0x16},
    Key{"KEY_I", 23, 0x17},
    Key{"KEY_O", 24, 0x18},
    Key{"KEY_P", 25, 0x19},
    Key{"KEY_LEFTBRACE", 26, 0x1a},
    Key{"KEY_RIGHTBRACE", 27, 0x1b},
    Key{"KEY_ENTER", 28, 0x1c},
    Key{"KEY_LEFTCTRL", 29, 0x1d},
    Key{"KEY_A", 30, 0x1e},
    Key{"KEY_S", 31, 0x1f},
    Key{"KEY_D", 32, 0x20},
    Key{"KEY_F", 33, 0x21},
    Key{"KEY_G", 34, 0x22},
    Key{"KEY_H", 35, 0x23},
    Key{"KEY_J", 36, 0x24},
    Key{"KEY_K", 37, 0x25},
    Key{"KEY_L", 38, 0x26},
    Key{"KEY_SEMICOLON", 39, 0x27},
    Key{"KEY_APOSTROPHE", 40, 0x28},
    Key{"KEY_GRAVE", 41, 0x29},
    Key{"KEY_LEFTSHIFT", 42, 0x2a},
    Key{"KEY_BACKSLASH", 43, 0x2b},
    Key{"KEY_Z", 44, 0x2c},
    Key{"KEY_X", 45, 0x2d},
    Key{"KEY_C", 46, 0x2e},
    Key{"KEY_V", 47, 0x2f},
    Key{"KEY_B", 48, 0x30},
    Key{"KEY_N", 49, 0x31},
    Key{"KEY_M", 50, 0x32},
    Key{"KEY_COMMA", 51, 0x33},
    Key{"KEY_DOT", 52, 0x34},
    Key{"KEY_SLASH", 53, 0x35},
    Key{"KEY_RIGHTSHIFT", 54, 0x36},
    Key{"KEY_KPASTERISK", 55, 0x37},
    Key{"KEY_LEFTALT", 56, 0x38},
    Key{"KEY_SPACE", 57, 0x39},
    Key{"KEY_CAPSLOCK", 58, 0x3a},
    Key{"KEY_F1", 59, 0x3b},
    Key{"KEY_F2", 60, 0x3c},
    Key{"KEY_F3", 61, 0x3d},
    Key{"KEY_F4", 62, 0x3e},
    Key{"KEY_F5", 63, 0x3f},
    Key{"KEY_F6", 64, 0x40},
    Key{"KEY_F7", 65, 0x41},
    Key{"KEY_F8", 66, 0x42},
    Key{"KEY_F9", 67, 0x43},
    Key{"KEY_F10", 68, 0x44},
    Key{"KEY_NUMLOCK", 69, 0x45},
    Key{"KEY_SCROLLLOCK", 70, 0x46},
    Key{"KEY_KP7", 71, 0x47},
    Key{"KEY_KP8", 72, 0x48},
    Key{"KEY_KP9", 73, 0x49},
    Key{"KEY_KPMINUS", 74, 0x4a},
    Key{"KEY_KP4", 75, 0x4b},
    Key{"KEY_KP5", 76, 0x4c},
    Key{"KEY_KP6", 77, 0x4d},
    Key{"KEY_KPPLUS", 78, 0x4e},
    Key{"KEY_KP1", 79, 0x4f},
    Key{"KEY_KP2", 80, 0x50},
    Key{"KEY_KP3", 81, 0x51},
    Key{"KEY_KP0", 82, 0x52},
    Key{"KEY_KPDOT", 83, 0x53},
    Key{"KEY_102ND", 86, 0x56},
    Key{"KEY_F11", 87, 0x57},
    Key{"KEY_F12", 88, 0x58},
    Key{"KEY_RO", 89, 0x73},
    Key{"KEY_HENKAN", 92, 0x79},
    Key{"KEY_KATAKANAHIRAGANA", 93, 0x70},
    Key{"KEY_MUHENKAN", 94, 0x7b},
    Key{"KEY_KPENTER", 96, 0x9c},
    Key{"KEY_RIGHTCTRL", 97, 0x9d},
    Key{"KEY_KPSLASH", 98, 0xb5},
    Key{"KEY_SYSRQ", 99, 0x54},
    Key{"KEY_RIGHTALT", 100, 0xb8},
    Key{"KEY_HOME", 102, 0xc7},
    Key{"KEY_UP", 103, 0xc8},
    Key{"KEY_PAGEUP", 104, 0xc9},
    Key{"KEY_LEFT", 105, 0xcb},
    Key{"KEY_RIGHT", 106, 0xcd},
    Key{"KEY_END", 107, 0xcf},
    Key{"KEY_DOWN", 108, 0xd0},
    Key{"KEY_PAGEDOWN", 109, 0xd1},
    Key{"KEY_INSERT", 110, 0xd2},
    Key{"KEY_DELETE", 111, 0xd3},
    Key{"KEY_MUTE", 113, 0xa0},
    Key{"KEY_VOLUMEDOWN", 114, 0xae},
    Key{"KEY_VOLUMEUP", 115, 0xb0},
    Key{"KEY_POWER", 116, 0xde},
    Key{"KEY_KPEQUAL", 117, 0x59},
    Key{"KEY_PAUSE", 119, 0xc6},
    Key{"KEY_KPCOMMA", 121, 0x7e},
    Key{"KEY_HANGEUL", 122, 0x72},
    Key{"KEY_HANJA", 123, 0x71},
    Key{"KEY_YEN", 124, 0x7d},
    Key{"KEY_LEFTMETA", 125, 0xdb},
    Key{"KEY_RIGHTMETA", 126, 0xdc},
    Key{"KEY_COMPOSE", 127, 0xdd},
};

constexpr std::string_view codesets[] = {"linux",  "xt",  "atset1", "atset2", "atset3", "os_x",
                                         "xt_kbd", "usb", "win32",  "qnum",   "rfb"};

/// A number as C writes it.
auto number_of(std::string_view word) -> std::optional<std::uint32_t>
{
    auto base = 10;
    if (word.starts_with("0x") || word.starts_with("0X")) {
        base = 16;
        word.remove_prefix(2);
    } else if (word.size() > 1 && word.starts_with('0')) {
        base = 8;
        word.remove_prefix(1);
    }
    std::uint32_t value{};
    auto const* const end = word.data() + word.size();
    auto const read = std::from_chars(word.data(), end, value, base);
    return read.ec == std::errc{} && read.ptr == end ? std::optional{value} : std::nullopt;
}

auto untranslatable(std::string_view codeset, std::uint32_t code) -> Refusal
{
    return Refusal{fmt::format("internal error: cannot translate keycode {} of {} codeset to qnum keycode", code, codeset)};
}

auto linux_key(std::string const& word) -> std::uint32_t
{
    auto const code = number_of(word);
    auto const found = std::ranges::find_if(
        keys, [&](Key const& key) { return code ? key.code == *code : key.name == std::string_view{word}; });
    if (found != std::end(keys))
        return found->number;
    if (code)
        throw untranslatable("linux", *code);
    throw Refusal{fmt::format("invalid keycode: '{}'", word)};
}

} // namespace

auto key_number(std::string_view codeset, std::string const& word) -> std::uint32_t
{
    if (std::ranges::find(codesets, codeset) == std::end(codesets))
        throw Refusal{fmt::format("unknown codeset: '{}'", codeset)};
    if (codeset == "linux")
        return linux_key(word);
    auto const has_prefixes = codeset == "xt" || codeset == "atset1"; // which QEMU's numbers have as a bit
    if (!has_prefixes && codeset != "qnum" && codeset != "rfb")
        throw Refusal{fmt::format("not supported yet: send-key --codeset {}", codeset)};
    auto const code = number_of(word);
    if (!code)
        throw Refusal{fmt::format("invalid keycode: '{}'", word)};
    if (*code == 0 || *code > (has_prefixes ? 0x7fU : 0xffU))
        throw untranslatable(codeset, *code);
    return *code;
}
