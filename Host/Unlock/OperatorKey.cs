using System;
using System.IO;
using System.Security.Cryptography;
using HaukiOS.Secrets;
using HaukiOS.Swarm;

namespace HaukiOS.Host.Unlock;

/// <summary>
/// The operator's own key pair: a node that was unlocked with it once lets nobody else make this operator wait. It
/// opens nothing by itself.
/// </summary>
public static class OperatorKey
{
    /// <summary>Where it lies, if nobody says otherwise.</summary>
    public static string DefaultFile => Path.Combine(PrivateFile.Directory, "operator-key");

    /// <summary>Reads the key, or makes one.</summary>
    /// <exception cref="UserErrorException">The file holds something else.</exception>
    public static KeyPair LoadOrMake(string file)
    {
        if (File.Exists(file))
        {
            var bytes = File.ReadAllBytes(file);
            try
            {
                return bytes.Length == KeyPair.KeyLength
                    ? new KeyPair(bytes)
                    : throw new UserErrorException($"{file} holds no operator's key; move it away to get a new one.");
            }
            finally
            {
                CryptographicOperations.ZeroMemory(bytes);
            }
        }

        using var drawn = new SecretBytes(KeyPair.KeyLength);
        RandomNumberGenerator.Fill(drawn.Span);
        PrivateFile.Write(file, drawn.Span);
        return new KeyPair(drawn.Span);
    }
}
