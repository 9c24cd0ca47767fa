#!/bin/bash
# Runs INSIDE the chroot after ca-config.sh. Adds a KRA, which archives keys, to the Tomcat of the CA. Idempotent.
set -e
PW=Secret.123; HTTP=18080; HTTPS=18443; DSPORT=13389; C=/root/ca-client
cd /root/ca-conf
if [ ! -f /etc/pki/pki-tomcat/kra/CS.cfg ]; then
  cat > kra.cfg <<X
[DEFAULT]
pki_instance_name=pki-tomcat
pki_hostname=localhost
pki_http_port=$HTTP
pki_https_port=$HTTPS
pki_tomcat_server_port=18005
pki_ajp_port=18009
pki_security_domain_https_port=$HTTPS
pki_security_domain_hostname=localhost
pki_security_domain_name=EXAMPLE
pki_security_domain_user=caadmin
pki_security_domain_password=$PW
pki_token_password=$PW
pki_server_database_password=$PW
pki_client_dir=/root/.dogtag/client
pki_client_database_password=$PW
pki_client_database_purge=False
pki_client_pkcs12_password=$PW
pki_admin_password=$PW
pki_backup_password=$PW
pki_ds_hostname=localhost
pki_ds_ldap_port=$DSPORT
pki_ds_password=$PW
[KRA]
pki_admin_cert_file=/root/.dogtag/client/ca_admin.cert
pki_admin_email=kraadmin@example.com
pki_admin_name=kraadmin
pki_admin_nickname=caadmin
pki_admin_uid=kraadmin
pki_ds_base_dn=dc=kra,dc=pki,dc=example,dc=com
pki_ds_database=kra
pki_storage_nickname=kra_storage
pki_transport_nickname=kra_transport
pki_audit_signing_nickname=kra_audit_signing
pki_sslserver_nickname=sslserver
pki_subsystem_nickname=subsystem
X
  pkispawn -f kra.cfg -s KRA -v > pkispawn-kra.log 2>&1 || { tail -30 pkispawn-kra.log; exit 1; }
fi
certutil -L -d /etc/pki/pki-tomcat/alias -n kra_transport -a > $C/transport.pem
echo KRA-CREATED
