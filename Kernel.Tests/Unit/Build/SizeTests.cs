using System.IO;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Build;

/// <summary>What the kernel may weigh. A megabyte too many shows here, not on somebody's old machine.</summary>
[TestFixture]
internal sealed class SizeTests
{
    private const int Mebibyte = 1 << 20;

    [Test]
    public void The_kernel_takes_less_than_2_MiB()
    {
        Assert.That(BuiltImage.Read().LoadedSize, Is.LessThan(2 * Mebibyte));
    }

    [Test]
    public void The_CD_takes_less_than_8_MiB()
    {
        Assert.That(new FileInfo(BuiltImage.IsoPath).Length, Is.LessThan(8 * Mebibyte));
    }
}
