"""How AWS is reached: sessions, clients, one gateway, and what its errors mean. Only here and in sandbox/ is boto3 imported."""
