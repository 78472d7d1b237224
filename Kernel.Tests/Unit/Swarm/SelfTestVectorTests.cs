using HaukiOS.Swarm;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Swarm;

/// <summary>What <c>selftest</c> says of the channel on the metal, on the host.</summary>
[TestFixture]
public sealed class SelfTestVectorTests
{
    [Test]
    public void The_vectors_of_XX_come_out() => Assert.That(NoiseVectors.Xx());

    [Test]
    public void The_vectors_of_IKpsk2_come_out() => Assert.That(NoiseVectors.IkPsk2());

    [Test]
    public void Records_are_encrypted_and_decrypted_where_they_lie() => Assert.That(NoiseVectors.RecordsInPlace());
}
