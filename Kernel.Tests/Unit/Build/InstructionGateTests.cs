using System.Collections.Generic;
using System.Linq;
using Iced.Intel;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Build;

/// <summary>
/// Decodes the whole kernel and refuses any instruction that a Pentium 4 "Willamette" of 2000 lacks. Emulators
/// are no proof: QEMU runs many of them on whatever processor it was told to be.
/// </summary>
[TestFixture]
internal sealed class InstructionGateTests
{
    private static readonly HashSet<CpuidFeature> Allowed =
    [
        CpuidFeature.INTEL8086, CpuidFeature.INTEL8086_ONLY, CpuidFeature.INTEL186, CpuidFeature.INTEL286,
        CpuidFeature.INTEL386, CpuidFeature.INTEL486, CpuidFeature.CPUID, CpuidFeature.TSC, CpuidFeature.MSR,
        CpuidFeature.CX8, CpuidFeature.CMOV, CpuidFeature.FPU, CpuidFeature.FPU287, CpuidFeature.FPU387,
        CpuidFeature.FXSR, CpuidFeature.MMX, CpuidFeature.SSE, CpuidFeature.SSE2, CpuidFeature.CLFSH,
        CpuidFeature.PAUSE, CpuidFeature.MULTIBYTENOP, CpuidFeature.SEP,
    ];

    [Test]
    public void No_instruction_of_the_kernel_is_beyond_SSE2()
    {
        BuiltImage image = BuiltImage.Read();
        var forbidden = new List<string>();
        var used = new SortedSet<string>();
        int functions = 0;
        foreach ((string name, uint address, byte[] code) in image.Functions())
        {
            functions++;
            foreach (Instruction instruction in Decode(code, address))
            {
                used.UnionWith(instruction.CpuidFeatures.Select(feature => feature.ToString()));
                if (instruction.IsInvalid || !instruction.CpuidFeatures.All(Allowed.Contains))
                {
                    forbidden.Add(Complaint(name, address, instruction));
                }
            }
        }

        TestContext.Out.WriteLine($"{functions} functions, {image.CodeSize} bytes: {string.Join(' ', used)}");
        Assert.That(functions, Is.GreaterThan(1000), "too few functions to be the kernel");
        Assert.That(forbidden.Take(50), Is.Empty);
    }

    [TestCase(new byte[] { 0x66, 0x0F, 0x38, 0x00, 0xC1 }, "pshufb")] // SSSE3
    [TestCase(new byte[] { 0xF3, 0x0F, 0xB8, 0xC1 }, "popcnt")]
    [TestCase(new byte[] { 0x66, 0x0F, 0x3A, 0x63, 0xC1, 0x00 }, "pcmpistri")] // SSE4.2
    [TestCase(new byte[] { 0x66, 0x0F, 0xD0, 0xC1 }, "addsubpd")] // SSE3
    [TestCase(new byte[] { 0xDB, 0x08 }, "fisttp")] // SSE3, though it works on the x87 stack
    [TestCase(new byte[] { 0x0F, 0xC7, 0xF0 }, "rdrand")]
    [TestCase(new byte[] { 0xC5, 0xF8, 0x58, 0xC1 }, "vaddps")]
    public void The_gate_knows_newer_instructions(byte[] code, string name)
    {
        Instruction instruction = Decode(code, 0).First();

        Assert.That(instruction.Mnemonic.ToString().ToLowerInvariant(), Is.EqualTo(name));
        Assert.That(instruction.CpuidFeatures.All(Allowed.Contains), Is.False);
    }

    private static IEnumerable<Instruction> Decode(byte[] code, uint address)
    {
        // Between functions the compiler fills up with INT3, the assembler with NOP: both decode by themselves. Zeros
        // between sections do not have to, and they lie behind the last instruction.
        int length = code.Length;
        while (length > 0 && code[length - 1] == 0 && code.Length - length < 16)
        {
            length--;
        }

        var decoder = Decoder.Create(32, code, address);
        while (decoder.IP < address + (uint)length)
        {
            yield return decoder.Decode();
        }
    }

    private static string Complaint(string function, uint start, Instruction instruction) =>
        $"{function}+0x{instruction.IP - start:x}: {instruction} "
        + $"({string.Join(' ', instruction.CpuidFeatures.Where(feature => !Allowed.Contains(feature)))})";
}
