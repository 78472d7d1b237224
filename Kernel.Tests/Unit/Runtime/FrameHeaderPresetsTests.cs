using System;
using System.Buffers.Binary;
using System.IO;
using Internal.Runtime;
using NUnit.Framework;

namespace HaukiOS.Tests.Runtime;

/// <summary>
/// The unwinder's tables are facts about the pinned compiler. The compiler's own library must contain them, byte for
/// byte, in the form that it keeps them in.
/// </summary>
public sealed class FrameHeaderPresetsTests
{
    /// <summary>Bytes of a row in the compiler: ours, with wider counts.</summary>
    private const int CompilerRowBytes = 19;
    private const int PresetCount = 128;

    [Test]
    public void The_frame_layouts_are_those_of_the_compiler() =>
        Assert.That(CompilerLibrary.AsSpan().IndexOf(RowsAsTheCompilerKeepsThem()), Is.GreaterThan(0));

    [Test]
    public void The_common_calls_are_those_of_the_compiler() =>
        Assert.That(CompilerLibrary.AsSpan().IndexOf(FrameHeaderPresets.CallPatterns), Is.GreaterThan(0));

    [Test]
    public void A_table_with_one_wrong_byte_is_not_found()
    {
        byte[] rows = RowsAsTheCompilerKeepsThem();
        rows[700] ^= 1;
        Assert.That(CompilerLibrary.AsSpan().IndexOf(rows), Is.EqualTo(-1));
    }

    private static byte[] CompilerLibrary { get; } = File.ReadAllBytes(FindLibrary());

    private static string FindLibrary()
    {
        string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string system = OperatingSystem.IsWindows() ? "win-x64" : OperatingSystem.IsMacOS() ? "osx-arm64" : "linux-x64";
        string tools = Path.Combine(
            packages, $"runtime.{system}.microsoft.dotnet.ilcompiler", TestSettings.CompilerVersion, "tools");
        return Directory.GetFiles(tools, "*clrjit_win_x86_*")[0];
    }

    /// <summary>u8 x 5 (the last is 0 in every preset), u16 arguments, u32 frame, untracked, variable table.</summary>
    private static byte[] RowsAsTheCompilerKeepsThem()
    {
        var table = new byte[PresetCount * CompilerRowBytes];
        for (int i = 0; i < PresetCount; i++)
        {
            ReadOnlySpan<byte> from = FrameHeaderPresets.Rows.Slice(
                i * FrameHeaderPresets.RowBytes, FrameHeaderPresets.RowBytes);
            Span<byte> to = table.AsSpan(i * CompilerRowBytes, CompilerRowBytes);
            from[..4].CopyTo(to);
            BinaryPrimitives.WriteUInt16LittleEndian(to[5..], from[4]);
            BinaryPrimitives.WriteUInt32LittleEndian(to[7..], from[5]);
            BinaryPrimitives.WriteUInt32LittleEndian(to[11..], from[6] & 0x7Fu);
            BinaryPrimitives.WriteUInt32LittleEndian(to[15..], from[6] >= 0x80 ? uint.MaxValue : 0);
        }

        return table;
    }
}
