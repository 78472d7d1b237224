; Stores of references. The collector neither moves objects nor has generations: a plain store is all there is.

bits 32

global RhpAssignRef
global RhpCheckedAssignRef
global RhpByRefAssignRef

section .text

; edx = destination, the named register = value
%macro barrier 2
global RhpAssignRef%1
global RhpCheckedAssignRef%1
align 4
RhpAssignRef%1:
RhpCheckedAssignRef%1:
        mov     [edx], %2
        ret
%endmacro

        barrier EAX, eax
        barrier ECX, ecx
        barrier EBX, ebx
        barrier ESI, esi
        barrier EDI, edi
        barrier EBP, ebp

; ecx = destination, edx = value
align 4
RhpAssignRef:
RhpCheckedAssignRef:
        mov     [ecx], edx
        ret

; [edi] = [esi], and both go on to the next word; ecx is lost
align 4
RhpByRefAssignRef:
        mov     ecx, [esi]
        mov     [edi], ecx
        add     esi, 4
        add     edi, 4
        ret
