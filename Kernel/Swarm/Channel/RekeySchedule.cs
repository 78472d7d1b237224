namespace HaukiOS.Swarm;

/// <summary>
/// When the key of one direction of a stream is replaced: both sides count the same records, so both do it at the same
/// one without a word. What was sent under an earlier key stays closed to somebody who takes the present one.
/// </summary>
internal struct RekeySchedule
{
    /// <summary>Records under one key.</summary>
    public const int RecordsPerKey = 1024;

    /// <summary>Ciphertext under one key; the record that reaches it is the last one.</summary>
    public const int BytesPerKey = 1 << 20;

    private int records;
    private int bytes;

    /// <summary>Counts a record that was sealed or opened, and replaces the key if it was the last one.</summary>
    public void Count(CipherState cipher, int ciphertextLength)
    {
        records++;
        bytes += ciphertextLength;
        if (records >= RecordsPerKey || bytes >= BytesPerKey)
        {
            cipher.Rekey();
            records = 0;
            bytes = 0;
        }
    }
}
